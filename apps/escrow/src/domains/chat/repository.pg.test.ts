import { afterAll, beforeAll, describe } from 'vitest'
import { statementsOf } from '../../testing/counted-statements.ts'
import { type EscrowDatabase, escrowDatabase } from '../../testing/escrow-database.ts'
import { dropReferencesBetweenUnits } from '../../testing/references-between-units.ts'
import { chatMessageRepositoryContract } from './messages.contract.ts'
import { chatRepositoryContract } from './repository.contract.ts'

let database: EscrowDatabase
let count: ReturnType<typeof statementsOf>
beforeAll(async () => {
  database = await escrowDatabase()
  await dropReferencesBetweenUnits(database.pool)
  count = statementsOf(database.pool)
})
afterAll(() => database[Symbol.asyncDispose]())

describe('chats in Postgres', () => {
  const freshStore = async () => {
    await database.pool.query('truncate chats cascade')
    return database.units.chat
  }
  chatRepositoryContract(freshStore, (work) => count(work))
  chatMessageRepositoryContract(freshStore, (work) => count(work))
})
