import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { statementsOf } from '../../testing/counted-statements.ts'
import { type EscrowDatabase, escrowDatabase } from '../../testing/escrow-database.ts'
import { exampleUser } from '../../testing/example-user.ts'
import { configRepositoryContract } from './repository.contract.ts'

let database: EscrowDatabase
beforeAll(async () => {
  database = await escrowDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

describe('settings in Postgres', () => {
  configRepositoryContract(async () => ({
    store: database.units.config,
    count: statementsOf(database.pool),
    async makeAdmin() {
      const user = exampleUser({ role: 'admin' })
      await database.units.user.transaction(({ users }) => users.insert(user))
      return user.id
    },
  }))

  test.each([
    "update config_setting_history set reason = 'x'",
    'delete from config_setting_history',
    'truncate config_setting_history',
    'set session_replication_role = replica; delete from config_setting_history',
  ])('the history refuses: %s', async (statement) => {
    const client = await database.pool.connect()
    try {
      await expect(client.query(statement)).rejects.toMatchObject({ code: '23001' })
    } finally {
      client.release(true)
    }
  })
})
