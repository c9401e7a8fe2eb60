import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDataCleanup } from './data-cleanup.ts'
import { DAY, fixedClock, MINUTE } from './platform/clock.ts'
import { unitUnavailable } from './platform/errors.ts'
import { silentLogger } from './platform/logger.ts'
import { type EscrowDatabase, escrowDatabase } from './testing/escrow-database.ts'
import { dropReferencesBetweenUnits } from './testing/references-between-units.ts'
import type { Units } from './units.ts'

const clock = fixedClock('2026-03-01T10:00:00.000Z')
let database: EscrowDatabase
beforeAll(async () => {
  database = await escrowDatabase()
  await dropReferencesBetweenUnits(database.pool)
})
afterAll(() => database[Symbol.asyncDispose]())

/** Rows whose time lies so many milliseconds before now, five past the end of their life and two within it. */
async function fill(table: string, column: string, life: number): Promise<void> {
  for (const age of [5, 4, 3, 2, 1, -1, -2]) {
    const at = new Date(clock.now().getTime() - life - age * MINUTE)
    await database.pool.query(`insert into ${table} (id, ${column}) values (gen_random_uuid(), $1)`, [at])
  }
}

async function count(table: string): Promise<number> {
  const { rows } = await database.pool.query(`select count(*)::int as n from ${table}`)
  return rows[0].n
}

const runAll = async (units: Units) => {
  for (const job of createDataCleanup({ units, clock, logger: silentLogger, batch: 2 })) await job.run()
}

test('what has outlived its time goes, batch after batch, and nothing else', async () => {
  const tables = {
    notifications: ['created_at', 90 * DAY],
    temp_verifications: ['email_verification_code_expires', 0],
    telegram_sessions: ['expires_at', 0],
    telegram_updates: ['received_at', 7 * DAY],
  } as const
  for (const [table, [column, life]] of Object.entries(tables)) await fill(table, column, life)
  await runAll(database.units)
  for (const table of Object.keys(tables)) expect([table, await count(table)]).toEqual([table, 2])
})

test('a unit that takes no writes is left for the next round; the others are not', async () => {
  await fill('telegram_sessions', 'expires_at', 0)
  const fenced = { ...database.units.user, transaction: () => Promise.reject(unitUnavailable('user')) }
  await runAll({ ...database.units, user: fenced })
  expect(await count('telegram_sessions')).toBe(4)
})

test('hourly, every five minutes and every minute', () => {
  const jobs = createDataCleanup({ units: database.units, clock, logger: silentLogger })
  expect(jobs.map(({ name, schedule }) => [name, schedule])).toEqual([
    ['clean-up-notifications', '17 * * * *'],
    ['clean-up-verifications', '*/5 * * * *'],
    ['clean-up-telegram', '* * * * *'],
  ])
})
