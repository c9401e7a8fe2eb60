import { afterAll, beforeAll, describe } from 'vitest'
import { type EscrowDatabase, escrowDatabase } from '../testing/escrow-database.ts'
import { effectStoreContract } from './effects.contract.ts'

let database: EscrowDatabase
beforeAll(async () => {
  database = await escrowDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

describe('effects in Postgres', () => {
  effectStoreContract(async () => {
    await database.pool.query('truncate category_effect_outbox, category_effect_inbox')
    return database.units.category
  })
})
