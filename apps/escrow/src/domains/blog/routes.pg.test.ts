import { afterAll, beforeAll } from 'vitest'
import { escrowApp } from '../../testing/escrow-app.ts'
import { type EscrowDatabase, escrowDatabase } from '../../testing/escrow-database.ts'
import { blogRoutesContract } from './routes.contract.ts'

let database: EscrowDatabase
beforeAll(async () => {
  database = await escrowDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

blogRoutesContract(async () => escrowApp(database.units))
