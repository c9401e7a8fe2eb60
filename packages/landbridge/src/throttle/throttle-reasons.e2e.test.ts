import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ObjectId } from 'mongodb'
import { expect, it } from 'vitest'
import { backfill } from '../backfill/backfill.ts'
import { engineWorld } from '../testing/engine-world.ts'
import { setThrottle, type ThrottleSettings } from './throttle-settings.ts'

/** A replica that is behind, as the server would tell of it: none can be had here. */
const replicas = `create schema stands_in; create view stands_in.pg_stat_replication as
  select 'standby one' as application_name, interval '7 seconds' as replay_lag from pg_class
  where relname = 'replica_is_behind'`

it('a running backfill stops for each reason and goes on when it has passed', {
  timeout: 60_000,
}, async () => {
  await using world = await engineWorld({ backfill: { chunkSize: 2, workers: 1 } })
  const { pool } = world.engine
  await pool.query(replicas)
  await pool.query("insert into landbridge.position (capture, cluster_time) values ('change-stream', 1)")
  await pool.query("update landbridge.unit set phase = 'mirror'")
  const { rows } = await pool.query('select current_database() as name')
  await pool.query(`alter database ${rows[0].name} set search_path = stands_in, pg_catalog, public`)
  const things = world.engine.database.collection('things')
  await things.insertMany(Array.from({ length: 300 }, () => ({ _id: new ObjectId() })))

  const set = (change: Partial<ThrottleSettings>) => setThrottle(pool, change, 'Ada', 'sample')
  // Slow enough to be looked at, and a limit of another unit does not count.
  await setThrottle(pool, { documentsPerSecond: 1 }, 'Ada', 'another')
  await set({ documentsPerSecond: 30 })
  let [done, throttledBy] = [0, null as string | null]
  const copying = backfill(await world.another('copies'), 'sample', {
    onProgress: (progress) => {
      if (progress.collection !== 'things') return
      done = progress.done
      throttledBy = progress.throttledBy
    },
  })

  const stopsFor = async (
    reason: string | RegExp,
    begin: () => Promise<unknown>,
    end: () => Promise<unknown>,
  ) => {
    await begin()
    await expect.poll(() => throttledBy, { timeout: 8_000 }).toMatch(reason)
    await sleep(150)
    const stopped = done
    await sleep(300)
    expect(done, String(reason)).toBe(stopped)
    await end()
    await expect.poll(() => done, { timeout: 8_000 }).toBeGreaterThan(stopped)
  }

  const flagFile = join(mkdtempSync(join(tmpdir(), 'throttle-')), 'stop')
  await set({ flagFile })
  await stopsFor(
    `the file ${flagFile} exists`,
    async () => writeFileSync(flagFile, ''),
    async () => rmSync(flagFile),
  )
  await stopsFor(
    /^Postgres answers in \d+ ms \(p95, limit 5 ms\)$/,
    () => set({ latencyQuery: 'select pg_sleep(0.03)', postgresLatencyMs: 5 }),
    () => set({ latencyQuery: null, postgresLatencyMs: null }),
  )
  await stopsFor(
    'the replica standby one is 7000 ms behind (limit 500 ms)',
    async () => {
      await set({ replicationLagMs: 500 })
      await pool.query('create table public.replica_is_behind ()')
    },
    () => pool.query('drop table public.replica_is_behind'),
  )
  await stopsFor(
    'the throttle query says to wait',
    () => set({ query: 'select 1 > 2' }),
    () => set({ query: 'select 1 < 2' }),
  )
  await stopsFor(
    'the rate of 0.000001 MB/s',
    () => set({ documentsPerSecond: null, megabytesPerSecond: 0.000_001 }),
    () => set({ megabytesPerSecond: null }),
  )
  expect(await copying).toMatchObject({ complete: true })
})
