import { afterAll, beforeAll, describe } from 'vitest'
import { type EscrowDatabase, escrowDatabase } from '../../testing/escrow-database.ts'
import { tempVerificationRepositoryContract } from './repository.contract.ts'

let database: EscrowDatabase
beforeAll(async () => {
  database = await escrowDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

describe('waiting sign-ups in Postgres', () => {
  tempVerificationRepositoryContract(async () => database.units.user)
})
