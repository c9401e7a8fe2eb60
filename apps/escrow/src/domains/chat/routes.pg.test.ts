import { afterAll, beforeAll } from 'vitest'
import { type EscrowDatabase, escrowDatabase } from '../../testing/escrow-database.ts'
import { marketplace } from '../../testing/marketplace.ts'
import { chatRoutesContract } from './routes.contract.ts'

let database: EscrowDatabase
beforeAll(async () => {
  database = await escrowDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

chatRoutesContract(async () => marketplace(database.units))
