import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { statementsOf } from '../../testing/counted-statements.ts'
import { type EscrowDatabase, escrowDatabase } from '../../testing/escrow-database.ts'
import { plansOf } from '../../testing/explained.ts'
import { dropReferencesBetweenUnits } from '../../testing/references-between-units.ts'
import { exampleSession, telegramRepositoryContract } from './repository.contract.ts'
import { createTelegramSessionRepository, createTelegramUpdateRepository } from './repository.postgres.ts'

const now = new Date('2026-03-01T10:00:00.000Z')
const hours = (n: number) => new Date(now.getTime() + n * 3_600_000)

let database: EscrowDatabase
let count: ReturnType<typeof statementsOf>
beforeAll(async () => {
  database = await escrowDatabase()
  count = statementsOf(database.pool)
  await dropReferencesBetweenUnits(database.pool)
})
afterAll(() => database[Symbol.asyncDispose]())

describe('Telegram sessions in Postgres', () => {
  telegramRepositoryContract(
    async () => {
      await database.pool.query('truncate telegram_sessions, telegram_updates')
      return database.units.telegram
    },
    (work) => count(work),
  )

  test('what is past its time is removed, no more than asked for', async () => {
    const store = database.units.telegram
    await database.pool.query('truncate telegram_sessions, telegram_updates')
    await store.transaction(async ({ sessions, updates }) => {
      for (const n of [-3, -2, 0, 1]) await sessions.insert(exampleSession({ expiresAt: hours(n) }))
      for (const n of [-3, 1]) await updates.record({ id: newId(), updateId: String(n + 10), at: hours(n) })
    })
    const remove = (limit: number) => store.transaction(({ sessions }) => sessions.removeExpired(now, limit))
    expect([await remove(2), await remove(2), await remove(2)]).toEqual([2, 1, 0])
    expect(await store.transaction(({ updates }) => updates.removeExpired(now, 9))).toBe(1)
  })
})

describe('with 100,000 sessions', () => {
  const userId = newId()
  beforeAll(async () => {
    await database.pool.query('truncate telegram_sessions, telegram_updates')
    await database.pool.query(
      `insert into telegram_sessions (id, token, telegram_user_id, user_id, expires_at, is_active)
       select gen_random_uuid(), 'token ' || n, n / 5, case when n % 1000 = 0 then $1::uuid else gen_random_uuid() end,
         $2::timestamptz + n * interval '1 minute', true from generate_series(1, 100000) n`,
      [userId, now],
    )
    await database.pool.query('analyze telegram_sessions')
  }, 60_000)

  type Ask = (sessions: ReturnType<typeof createTelegramSessionRepository>) => Promise<unknown>
  test.each<[string, string, Ask]>([
    ['one by its token', 'telegram_sessions_token_key', (all) => all.findByToken(['token 7', 'x'])],
    ['those of a person', 'telegram_sessions_user_idx', (all) => all.openOf(userId, now)],
    ['those of an account', 'telegram_sessions_account_idx', (all) => all.endAll('77', now)],
    ['the expired', 'telegram_sessions_expires_idx', (all) => all.removeExpired(hours(1), 50)],
  ])('%s: found by %s', async (_what, index, ask) => {
    const plans = await plansOf(database.pool, (db) => ask(createTelegramSessionRepository(db)))
    expect(plans).toContain(index)
    expect(plans).not.toContain('Seq Scan on telegram_sessions')
  })

  test('updates: found by the time at which they came', async () => {
    await database.pool.query(
      `insert into telegram_updates (id, update_id, received_at)
       select gen_random_uuid(), n, $1::timestamptz + n * interval '1 second' from generate_series(1, 20000) n`,
      [now],
    )
    await database.pool.query('analyze telegram_updates')
    const plans = await plansOf(database.pool, (db) =>
      createTelegramUpdateRepository(db).removeExpired(now, 50),
    )
    expect(plans).toContain('telegram_updates_received_idx')
  })
})
