import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EscrowDatabase, escrowDatabase } from '../../testing/escrow-database.ts'
import { allCounterparts, compareIndexes, missingParity, postgresIndexes } from './check-parity.ts'
import { fillTables } from './fill-tables.ts'
import { legacyIndexes } from './legacy-indexes.ts'
import { type ShownPlan, showPlans } from './show-plans.ts'

let database: EscrowDatabase
beforeAll(async () => {
  database = await escrowDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

it('every index of the legacy models has its answer in Postgres', async () => {
  expect((await legacyIndexes()).length).toBeGreaterThan(40)
  expect(await missingParity(database.pool)).toEqual([])
})

describe('missing parity is told', () => {
  const compare = async (change: (declared: ReturnType<typeof allCounterparts>) => void) => {
    const declared = structuredClone(allCounterparts())
    change(declared)
    return compareIndexes(await legacyIndexes(), declared, await postgresIndexes(database.pool))
  }
  const users = (declared: ReturnType<typeof allCounterparts>) => declared.users ?? {}

  it.each<[string, string, (declared: ReturnType<typeof allCounterparts>) => void]>([
    ['no line', 'users (role:1) has no line', (all) => delete users(all)['role:1']],
    [
      'no such index',
      'users (role:1) is answered by nothing_idx, which this database does not have',
      (all) => Object.assign(users(all), { 'role:1': 'nothing_idx' }),
    ],
    [
      'another column',
      'users (role:1) is answered by users_referred_by_idx, which begins with referred_by',
      (all) => Object.assign(users(all), { 'role:1': 'users_referred_by_idx' }),
    ],
    [
      'less unique',
      'users (email:1) is unique, and users_kept_email_idx is not',
      (all) => Object.assign(users(all), { 'email:1': 'users_kept_email_idx' }),
    ],
    [
      'a line too many',
      'users (age:1) has a line, but no model declares it',
      (all) => Object.assign(users(all), { 'age:1': { none: 'nobody asks' } }),
    ],
  ])('%s', async (_what, told, change) => {
    const troubles = await compare(change)
    expect(troubles).toHaveLength(1)
    expect(troubles[0]).toContain(told)
  })
})

describe('with thousands of rows in every table', () => {
  let shown: ShownPlan[]
  beforeAll(async () => {
    await fillTables(database.pool, 2_000)
    shown = await showPlans(database.pool)
  })

  it('the planner uses every one of these indexes', () => {
    const unused = shown
      .filter(({ usedIndex }) => usedIndex === null)
      .map(({ index, plan }) => `${index}\n${plan}`)
    expect(unused).toEqual([])
  })

  it('an index that the planner leaves aside is told', async () => {
    const name = new URL(database.url).pathname.slice(1)
    for (const kind of ['indexscan', 'indexonlyscan', 'bitmapscan']) {
      await database.pool.query(`alter database ${name} set enable_${kind} = off`)
    }
    const pool = new pg.Pool({ connectionString: database.url, max: 2 })
    // A connection that is closing may still hear that its database is dropped.
    pool.on('error', () => undefined)
    try {
      const plans = await showPlans(pool, ['notifications_related_idx', 'payments_direction_idx'])
      expect(plans.map(({ usedIndex }) => usedIndex)).toEqual([null, null])
    } finally {
      await pool.end()
    }
  })
})
