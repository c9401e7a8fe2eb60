import { afterAll, beforeAll } from 'vitest'
import { type EscrowDatabase, escrowDatabase } from '../../../testing/escrow-database.ts'
import { sellerRoutesContract } from './routes.contract.ts'

let database: EscrowDatabase
beforeAll(async () => {
  database = await escrowDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

sellerRoutesContract(async () => database.units)
