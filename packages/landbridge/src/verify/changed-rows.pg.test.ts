import { freshDatabase } from 'test-world/postgres'
import { expect, it } from 'vitest'
import type { Engine } from '../engine.ts'
import { readTransactionHorizon } from './changed-rows.ts'

it('stands at the oldest transaction that runs here, and at none of other databases', async () => {
  await using here = await freshDatabase()
  await using elsewhere = await freshDatabase()
  const horizon = () => readTransactionHorizon({ pool: here.pool } as Engine)
  const foreign = await elsewhere.pool.connect()
  await foreign.query('begin; create table long_ago (id int)')
  const own = await here.pool.connect()
  await own.query('begin')
  const { rows } = await own.query<{ xid: string }>('select pg_current_xact_id()::text as xid')
  const running = BigInt(rows[0]?.xid ?? 0)
  // A number of a savepoint is later than that of its transaction.
  await own.query('savepoint inner_one; create table short (id int)')
  await here.pool.query('create table done (id int)')
  expect(await horizon()).toBe(running)
  await own.query('commit')
  own.release()
  expect(await horizon()).toBeGreaterThan(running)
  await foreign.query('rollback')
  foreign.release()
})
