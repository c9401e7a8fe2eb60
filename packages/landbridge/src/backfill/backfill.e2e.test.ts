import { setTimeout as sleep } from 'node:timers/promises'
import { Double, Int32, ObjectId } from 'mongodb'
import { describe, expect, it } from 'vitest'
import type { Engine } from '../engine.ts'
import { countGaps } from '../mirror/gaps.ts'
import { mirrorToPostgres } from '../mirror/to-postgres.ts'
import { listQuarantine } from '../quarantine/quarantine.ts'
import { reconcile } from '../reconcile/reconcile.ts'
import { endIdleTransactions, pausedSource } from '../testing/paused-source.ts'
import { thingsMapping } from '../testing/sample-unit.ts'
import { type SampleWorld, sampleWorld } from '../testing/sample-world.ts'
import { backfill } from './backfill.ts'

interface World {
  world: SampleWorld
  engine: Engine
}

/** A world whose capture has begun, with small chunks. */
async function backfillWorld(chunkSize: number): Promise<World> {
  const world = await sampleWorld('mirror')
  const engine = { ...world.engine, config: { ...world.engine.config, backfill: { chunkSize, workers: 2 } } }
  await engine.pool.query(
    "insert into landbridge.position (capture, cluster_time) values ('change-stream', 1) on conflict do nothing",
  )
  return { world, engine }
}

async function insertThings(engine: Engine, count: number): Promise<ObjectId[]> {
  const ids = Array.from({ length: count }, () => new ObjectId())
  await engine.database.collection('things').insertMany(
    ids.map((_id, i) => ({
      _id,
      name: `thing ${i}`,
      price: new Double(i + 0.5),
      parts: [{ label: `part ${i}` }],
    })),
  )
  return ids
}

async function names(engine: Engine): Promise<(string | null)[]> {
  const { rows } = await engine.pool.query('select name from things order by id')
  return rows.map((row) => row.name)
}

const openGaps = async (engine: Engine) => (await countGaps(engine.pool))[0]?.open ?? 0

describe('backfill', () => {
  it('copies every collection of the unit in chunks, and a second call changes nothing', async () => {
    const { world, engine } = await backfillWorld(10)
    await using _ = world
    const ids = await insertThings(engine, 35)
    await engine.database.collection('notes').insertOne({ thing: ids[0], body: 'hello' })
    const progress: number[] = []
    const report = await backfill(engine, 'sample', { onProgress: (each) => progress.push(each.done) })
    expect(report).toMatchObject({
      complete: true,
      collections: [
        { collection: 'things', chunks: 4, documents: 35, quarantined: 0, alreadyDone: false },
        { collection: 'notes', chunks: 1, documents: 1 },
      ],
    })
    expect(progress).toContain(4)
    expect(await names(engine)).toHaveLength(35)
    expect((await engine.pool.query('select from thing_parts')).rowCount).toBe(35)
    expect(await backfill(engine, 'sample')).toMatchObject({
      complete: true,
      collections: [{ alreadyDone: true }, {}],
    })
    expect(await world.outbox()).toBe(0)
  })

  it('asks for a capture that has begun (A18), and for the right phase', async () => {
    await using world = await sampleWorld('mirror')
    const report = await backfill(world.engine, 'sample')
    expect(report.complete).toBe(false)
    expect(report.collections[0]?.error).toMatchObject({ code: 'LB_STEP_NOT_ALLOWED' })
    await world.setPhase('mongo')
    await expect(backfill(world.engine, 'sample')).rejects.toMatchObject({ code: 'LB_WRONG_PHASE' })
  })

  it('removes rows whose documents are gone, keeps columns that only Postgres knows', async () => {
    const { world, engine } = await backfillWorld(10)
    await using _ = world
    const ids = await insertThings(engine, 3)
    await backfill(engine, 'sample')
    await engine.pool.query(
      'begin; set local session_replication_role = replica; update things set origin = $$app$$; commit',
    )
    await engine.database.collection('things').deleteOne({ _id: ids[1] })
    await backfill(engine, 'sample', { restart: true })
    const { rows } = await engine.pool.query('select name, origin from things order by id')
    expect(rows).toEqual([
      { name: 'thing 0', origin: 'app' },
      { name: 'thing 2', origin: 'app' },
    ])
  })

  it('finds the document at fault by halving and copies all others', async () => {
    const { world, engine } = await backfillWorld(100)
    await using _ = world
    const ids = await insertThings(engine, 33)
    // CHECK (price < 1000000), which the mapping does not know: the whole COPY fails.
    await engine.database
      .collection('things')
      .updateOne({ _id: ids[20] }, { $set: { price: new Int32(2_000_000) } })
    const report = await backfill(engine, 'sample')
    expect(report.collections[0]).toMatchObject({ documents: 33, quarantined: 1 })
    expect(await names(engine)).toHaveLength(32)
    expect(await listQuarantine(engine.pool)).toMatchObject([{ rawId: ids[20], code: 'check' }])
  })

  it('keeps dirt out of COPY: NUL and NaN go to extra, an _id of another type to quarantine', async () => {
    const { world, engine } = await backfillWorld(100)
    await using _ = world
    await insertThings(engine, 5)
    const source = engine.database.collection('things')
    await source.insertMany([
      { name: 'a\u0000b' },
      { price: new Double(Number.NaN) },
      { status: 'no such status' },
    ])
    await engine.database.collection<{ _id: number }>('things').insertOne({ _id: 7 })
    const report = await backfill(engine, 'sample')
    expect(report.collections[0]).toMatchObject({ documents: 9, quarantined: 1 })
    const { rows } = await engine.pool.query(
      `select extra -> 'name' ->> 'reason' as name, extra -> 'price' ->> 'reason' as price,
         extra -> 'status' ->> 'reason' as status from things order by id offset 5`,
    )
    expect(rows).toEqual([
      { name: 'nul', price: null, status: null },
      { name: null, price: 'range', status: null },
      { name: null, price: null, status: 'enum' },
    ])
    expect(await listQuarantine(engine.pool)).toMatchObject([{ code: 'id' }])
  })

  it('settles unique values that clash, within a chunk and across chunks (A12)', async () => {
    const { world, engine } = await backfillWorld(4)
    await using _ = world
    const ids = await insertThings(engine, 10)
    await backfill(engine, 'sample')
    const source = engine.database.collection('things')
    // A swap that Postgres has not seen, across chunks; and a value that the source really holds twice.
    await source.updateOne({ _id: ids[0] }, { $set: { name: 'thing 9' } })
    await source.updateOne({ _id: ids[9] }, { $set: { name: 'thing 0' } })
    await source.updateOne({ _id: ids[5] }, { $set: { name: 'thing 4' } })
    await backfill(engine, 'sample', { restart: true })
    await reconcile(engine, 'sample', { all: true })
    expect(await names(engine)).toEqual([
      'thing 9',
      'thing 1',
      'thing 2',
      'thing 3',
      'thing 4',
      null,
      'thing 6',
      'thing 7',
      'thing 8',
      'thing 0',
    ])
    expect(await openGaps(engine)).toBe(0)
    expect(await listQuarantine(engine.pool)).toEqual([])
  })

  it('goes on where it was interrupted', async () => {
    const { world, engine } = await backfillWorld(5)
    await using _ = world
    await insertThings(engine, 200)
    const abort = new AbortController()
    const interrupted = await backfill(engine, 'sample', {
      signal: abort.signal,
      onProgress: ({ done }) => {
        if (done >= 2) abort.abort()
      },
    })
    expect(interrupted.complete).toBe(false)
    const copied = (await names(engine)).length
    expect(copied).toBeLessThan(200)
    const { rows } = await engine.pool.query(
      "select max(finished_at) as at from landbridge.chunk where status = 'done'",
    )
    expect(await backfill(engine, 'sample')).toMatchObject({ complete: true })
    expect(await names(engine)).toHaveLength(200)
    const again = await engine.pool.query(
      "select count(*)::int as n from landbridge.chunk where status = 'done' and finished_at <= $1",
      [rows[0].at],
    )
    expect(again.rows[0].n).toBeGreaterThanOrEqual(2)
  })

  it('shows the reason while it is throttled', async () => {
    const { world, engine } = await backfillWorld(5)
    await using _ = world
    await insertThings(engine, 3)
    const reasons: (string | null)[] = []
    let asked = 0
    await backfill(engine, 'sample', {
      collections: ['things'],
      throttle: async () => (asked++ === 0 ? 'Postgres answers slowly' : null),
      onProgress: ({ throttledBy }) => reasons.push(throttledBy),
    })
    expect(reasons[0]).toBe('Postgres answers slowly')
    expect(reasons.at(-1)).toBeNull()
  })
})

describe('a chunk against live writes', () => {
  it('leaves a gap for a document that changes between its read and its commit', async () => {
    const { world, engine } = await backfillWorld(10)
    await using _ = world
    const [id] = await insertThings(engine, 3)
    const paused = pausedSource(engine)
    const copying = backfill(paused.engine, 'sample', { collections: ['things'] })
    await paused.reached
    await engine.database.collection('things').updateOne({ _id: id }, { $set: { name: 'changed' } })
    expect(await mirrorToPostgres(engine, thingsMapping, [id], { reason: 'capture' })).toMatchObject([
      { outcome: 'gap' },
    ])
    paused.resume()
    await copying
    expect(await names(engine)).toContain('thing 0')
    expect(await openGaps(engine)).toBe(1)
    await reconcile(engine)
    expect(await names(engine)).toContain('changed')
  })

  it('does not bring back a document that is deleted meanwhile', async () => {
    const { world, engine } = await backfillWorld(10)
    await using _ = world
    const [id] = await insertThings(engine, 3)
    const paused = pausedSource(engine)
    const copying = backfill(paused.engine, 'sample', { collections: ['things'] })
    await paused.reached
    await engine.database.collection('things').deleteOne({ _id: id })
    await mirrorToPostgres(engine, thingsMapping, [id], { reason: 'capture' })
    paused.resume()
    await copying
    await reconcile(engine)
    expect(await names(engine)).toEqual(['thing 1', 'thing 2'])
  })

  it('holds the phase until it commits, and writes nothing when it starts after the flip (A6)', async () => {
    const { world, engine } = await backfillWorld(10)
    await using _ = world
    await insertThings(engine, 3)
    const paused = pausedSource(engine)
    const copying = backfill(paused.engine, 'sample', { collections: ['things'] })
    await paused.reached
    const flip = (async () => {
      const client = await engine.pool.connect()
      try {
        await client.query('begin')
        await client.query("select pg_advisory_xact_lock(landbridge.unit_lock_key('sample'))")
        await client.query("update landbridge.unit set phase = 'postgres', epoch = epoch + 1")
        await client.query('commit')
        return 'flipped'
      } finally {
        client.release()
      }
    })()
    expect(await Promise.race([flip, sleep(100).then(() => 'waits')])).toBe('waits')
    paused.resume()
    await copying
    expect(await flip).toBe('flipped')
    expect(await names(engine)).toHaveLength(3)
    await engine.pool.query("update things set name = 'written in postgres' where name = 'thing 0'")
    await engine.pool.query("update landbridge.chunk set status = 'pending'")
    await expect(backfill(engine, 'sample')).rejects.toMatchObject({ code: 'LB_WRONG_PHASE' })
    expect(await names(engine)).toContain('written in postgres')
  })

  it('writes nothing when it wakes after the flip without its session (A6)', async () => {
    const { world, engine } = await backfillWorld(10)
    await using _ = world
    const ids = await insertThings(engine, 3)
    await mirrorToPostgres(engine, thingsMapping, ids, { reason: 'capture' })
    const paused = pausedSource(engine)
    const copying = backfill(paused.engine, 'sample', { collections: ['things'] })
    await paused.reached
    await endIdleTransactions(engine)
    await world.setPhase('postgres')
    await engine.pool.query("update things set name = 'written in postgres' where name = 'thing 0'")
    paused.resume()
    await expect(copying).rejects.toMatchObject({ code: 'LB_WRONG_PHASE' })
    expect(await names(engine)).toEqual(['written in postgres', 'thing 1', 'thing 2'])
  })

  it('leaves nothing behind when its process dies, and the next call copies the chunk', async () => {
    const { world, engine } = await backfillWorld(10)
    await using _ = world
    await insertThings(engine, 3)
    const paused = pausedSource(engine)
    const copying = backfill(paused.engine, 'sample', { collections: ['things'] })
    await paused.reached
    await endIdleTransactions(engine)
    const mirrorOne = () => mirrorToPostgres(engine, thingsMapping, [new ObjectId()], { reason: 'capture' })
    // The chunk is tried again at once, so its lock may be taken for a moment.
    await expect.poll(mirrorOne, { timeout: 10_000 }).toMatchObject([{ outcome: 'deleted' }])
    paused.resume()
    await copying
    expect(await backfill(engine, 'sample')).toMatchObject({ complete: true })
    expect(await names(engine)).toHaveLength(3)
  })
})
