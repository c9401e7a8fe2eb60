import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { statementsOf } from '../../testing/counted-statements.ts'
import { type EscrowDatabase, escrowDatabase } from '../../testing/escrow-database.ts'
import { exampleUser } from '../../testing/example-user.ts'
import { pointTransactionRepositoryContract } from './repository.contract.ts'

let database: EscrowDatabase
let count: ReturnType<typeof statementsOf>
beforeAll(async () => {
  database = await escrowDatabase()
  count = statementsOf(database.pool)
})
afterAll(() => database[Symbol.asyncDispose]())

describe('point transactions in Postgres', () => {
  pointTransactionRepositoryContract(
    async () => database.units.user,
    async (store) => {
      const user = exampleUser()
      await store.transaction(({ users }) => users.insert(user))
      return user.id
    },
    (work) => count(work),
  )

  test.each([
    'update point_transactions set amount = 1',
    'delete from point_transactions',
    'truncate point_transactions',
    'set session_replication_role = replica; delete from point_transactions',
  ])('the table refuses: %s', async (statement) => {
    const client = await database.pool.connect()
    try {
      await expect(client.query(statement)).rejects.toMatchObject({ code: '23001' })
    } finally {
      client.release(true)
    }
  })
})
