import { randomBytes } from 'node:crypto'
import { Double, Int32, ObjectId } from 'mongodb'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import type { Engine } from '../engine.ts'
import { listQuarantine } from '../quarantine/quarantine.ts'
import { reconcile } from '../reconcile/reconcile.ts'
import { idToBytes } from '../source/id-key.ts'
import { lockEntities } from '../target/entity-locks.ts'
import { inTransaction } from '../target/transaction.ts'
import { afterEachRead, endIdleTransactions, pausedSource } from '../testing/paused-source.ts'
import { thingsMapping } from '../testing/sample-unit.ts'
import { sampleWorld } from '../testing/sample-world.ts'
import { countGaps, noteGap } from './gaps.ts'
import { mirrorToPostgres } from './to-postgres.ts'

const things = async (engine: Engine) => {
  const { rows } = await engine.pool.query(
    "select name, price::float8 as price, extra -> 'name' ->> 'reason' as kept from things order by id",
  )
  return rows
}
const mirror = async (engine: Engine, ...ids: unknown[]) => {
  const results = await mirrorToPostgres(engine, thingsMapping, ids, { reason: 'inline' })
  return results.map((result) => result.outcome)
}
const gaps = async (engine: Engine) => (await countGaps(engine.pool))[0]?.open ?? 0

describe('mirrorToPostgres', () => {
  it('follows a document through insert, change and delete', async () => {
    await using world = await sampleWorld('mirror')
    const { engine } = world
    const source = engine.database.collection('things')
    const { _id } = world.newId()
    await source.insertOne({
      _id,
      name: 'lamp',
      price: new Double(12.5),
      parts: [{ label: 'foot' }, { label: 'bulb' }],
    })
    expect(await mirror(engine, _id)).toEqual(['mirrored'])
    expect(await things(engine)).toEqual([{ name: 'lamp', price: 12.5, kept: null }])
    await engine.pool.query(
      'begin; set local session_replication_role = replica; update things set origin = $$app$$; commit',
    )

    await source.updateOne({ _id }, { $set: { name: 'torch', parts: [{ label: 'battery' }] } })
    expect(await mirror(engine, _id)).toEqual(['mirrored'])
    const parts = await engine.pool.query('select ordinal, label from thing_parts')
    expect(parts.rows).toEqual([{ ordinal: 0, label: 'battery' }])
    const origin = await engine.pool.query('select origin from things')
    expect(origin.rows).toEqual([{ origin: 'app' }])

    await source.deleteOne({ _id })
    expect(await mirror(engine, _id)).toEqual(['deleted'])
    expect(await things(engine)).toEqual([])
    expect((await engine.pool.query('select from thing_parts')).rowCount).toBe(0)
    expect(await world.outbox()).toBe(0)
  })

  it('writes nothing where the unit is not mirrored to Postgres (A6)', async () => {
    await using world = await sampleWorld('postgres')
    const { _id } = world.newId()
    await world.engine.database.collection('things').insertOne({ _id, name: 'late' })
    expect(await mirror(world.engine, _id)).toEqual(['wrong-phase'])
    expect(await things(world.engine)).toEqual([])
    expect(await gaps(world.engine)).toBe(0)
  })

  it('leaves a gap when the entity is locked, without holding up its neighbours (A19)', async () => {
    await using world = await sampleWorld('mirror')
    const { engine } = world
    const [held, free] = [world.newId(), world.newId()]
    await engine.database.collection('things').insertMany([
      { _id: held._id, name: 'held' },
      { _id: free._id, name: 'free' },
    ])
    await inTransaction(engine.pool, {}, async (tx) => {
      await lockEntities(tx, 'sample', [held.id], { waitMs: 1_000 })
      expect(await mirror(engine, held._id, free._id)).toEqual(['gap', 'mirrored'])
    })
    expect(await gaps(engine)).toBe(1)
    expect(await reconcile(engine)).toMatchObject({ mirrored: 1, left: 0 })
    expect(await gaps(engine)).toBe(0)
    expect(await things(engine)).toHaveLength(2)
  })

  it('keeps a gap that is noted again while it is being worked off (A5)', async () => {
    await using world = await sampleWorld('mirror')
    const { engine } = world
    const { _id } = world.newId()
    const source = engine.database.collection('things')
    await source.insertOne({ _id, name: 'old' })
    const gap = { unit: 'sample', collection: 'things', legacyId: idToBytes(_id), code: 'busy' as const }
    await noteGap(engine.pool, gap)
    // The source is read; before the transaction ends a write comes and capture, finding the entity busy, notes it.
    const late = afterEachRead(engine, async () => {
      await source.updateOne({ _id }, { $set: { name: 'new' } })
      await noteGap(engine.pool, gap)
    })
    await mirrorToPostgres(late, thingsMapping, [_id], { reason: 'reconcile' })
    expect(await things(engine)).toMatchObject([{ name: 'old' }])
    expect(await gaps(engine)).toBe(1)
    await reconcile(engine)
    expect(await things(engine)).toMatchObject([{ name: 'new' }])
    expect(await gaps(engine)).toBe(0)
  })

  it('quarantines what Postgres refuses, and releases it in the transaction that mirrors it', async () => {
    await using world = await sampleWorld('mirror')
    const { engine } = world
    const { _id } = world.newId()
    const source = engine.database.collection('things')
    // CHECK (price < 1000000), which the mapping does not know.
    await source.insertOne({ _id, name: 'dear', price: new Int32(2_000_000) })
    expect(await mirror(engine, _id)).toEqual(['quarantined'])
    expect(await listQuarantine(engine.pool)).toMatchObject([
      { collection: 'things', code: 'check', rawId: _id },
    ])
    expect(await things(engine)).toEqual([])
    await source.updateOne({ _id }, { $set: { price: new Int32(2) } })
    expect(await mirror(engine, _id)).toEqual(['mirrored'])
    expect(await listQuarantine(engine.pool)).toEqual([])
    // A value that is too long for an index.
    const name = randomBytes(6_000).toString('hex')
    await source.updateOne({ _id }, { $set: { name } })
    expect(await mirror(engine, _id)).toEqual(['quarantined'])
    expect(await listQuarantine(engine.pool)).toMatchObject([{ code: 'length' }])
  })

  it('removes the rows of a document that can no longer be mapped', async () => {
    await using world = await sampleWorld('mirror')
    const { engine } = world
    const { _id } = world.newId()
    const source = engine.database.collection('things')
    await source.insertOne({ _id, name: 'fine', parts: [{ label: 'x' }] })
    await mirror(engine, _id)
    await source.updateOne({ _id }, { $set: { price: new Int32(2_000_000) } })
    expect(await mirror(engine, _id)).toEqual(['quarantined'])
    expect(await things(engine)).toEqual([])
    expect((await engine.pool.query('select from thing_parts')).rowCount).toBe(0)
  })

  it('quarantines an _id that the mapping has no uuid for', async () => {
    await using world = await sampleWorld('mirror')
    const source = world.engine.database.collection<{ _id: string; name: string }>('things')
    await source.insertOne({ _id: 'by hand', name: 'odd' })
    expect(await mirror(world.engine, 'by hand')).toEqual(['quarantined'])
    expect(await listQuarantine(world.engine.pool)).toMatchObject([{ code: 'id', rawId: 'by hand' }])
    await source.deleteOne({ _id: 'by hand' })
    expect(await mirror(world.engine, 'by hand')).toEqual(['deleted'])
    expect(await listQuarantine(world.engine.pool)).toEqual([])
  })

  it('writes nothing when it wakes after a change of authority without its session (A6)', async () => {
    await using world = await sampleWorld('shadow')
    const { engine } = world
    const { _id } = world.newId()
    await engine.database.collection('things').insertOne({ _id, name: 'from mongo' })
    await mirror(engine, _id)
    const paused = pausedSource(engine)
    const late = mirrorToPostgres(paused.engine, thingsMapping, [_id], { reason: 'capture' })
    await paused.reached
    await endIdleTransactions(engine)
    await world.setPhase('postgres')
    await engine.pool.query("update things set name = 'from postgres'")
    paused.resume()
    expect(await late).toMatchObject([{ outcome: 'gap' }])
    expect(await things(engine)).toMatchObject([{ name: 'from postgres' }])
    expect(await reconcile(engine)).toMatchObject({ mirrored: 0 })
    expect(await things(engine)).toMatchObject([{ name: 'from postgres' }])
  })

  it('does not throw and does not hang when Postgres cannot be reached', async () => {
    await using world = await sampleWorld('mirror')
    const pool = new pg.Pool({ host: '127.0.0.1', port: 1, connectionTimeoutMillis: 500 })
    const results = await mirrorToPostgres({ ...world.engine, pool }, thingsMapping, [1, 2], {
      reason: 'capture',
    })
    expect(results.map((result) => result.outcome)).toEqual(['gap', 'gap'])
    await pool.end()
  })

  it('leaves rows that are right already untouched when capture sees an inline write again', async () => {
    await using world = await sampleWorld('mirror')
    const { engine } = world
    const { _id } = world.newId()
    await engine.database.collection('things').insertOne({ _id, name: 'lamp', parts: [{ label: 'a' }] })
    await mirror(engine, _id)
    const versions = async () => {
      const { rows } = await engine.pool.query(
        'select things.xmin::text as thing, thing_parts.xmin::text as part from things join thing_parts on thing_id = id',
      )
      return rows
    }
    const before = await versions()
    await mirrorToPostgres(engine, thingsMapping, [_id], { reason: 'capture' })
    expect(await versions()).toEqual(before)
    await engine.database.collection('things').updateOne({ _id }, { $set: { 'parts.0.label': 'b' } })
    await mirrorToPostgres(engine, thingsMapping, [_id], { reason: 'capture' })
    expect(await versions()).not.toEqual(before)
  })

  it('answers in time and finishes behind the caller', async () => {
    await using world = await sampleWorld('mirror')
    const { engine } = world
    const { _id, id } = world.newId()
    await engine.database.collection('things').insertOne({ _id, name: 'slow' })
    await inTransaction(engine.pool, {}, async (tx) => {
      await lockEntities(tx, 'sample', [id], { waitMs: 1_000 })
      const results = await mirrorToPostgres(engine, thingsMapping, [_id], {
        reason: 'reconcile',
        deadlineMs: 20,
      })
      expect(results).toEqual([{ id: _id, outcome: 'gap' }])
    })
    await expect.poll(() => things(engine)).toHaveLength(1)
  })
})

describe('unique values (A12)', () => {
  const setUp = async () => {
    const world = await sampleWorld('mirror')
    const ids = [new ObjectId('000000000000000000000001'), new ObjectId('000000000000000000000002')] as const
    return { world, engine: world.engine, ids, source: world.engine.database.collection('things') }
  }

  it('mirrors a swap of two values, whichever entity comes first', async () => {
    const { world, engine, ids, source } = await setUp()
    await using _ = world
    await source.insertMany([
      { _id: ids[0], name: 'a', parts: [{ label: '0' }] },
      { _id: ids[1], name: 'b' },
    ])
    await mirror(engine, ...ids)
    await engine.pool.query(
      'begin; set local session_replication_role = replica; update things set origin = $$app$$; commit',
    )
    await source.updateOne({ _id: ids[0] }, { $set: { name: 'b' } })
    await source.updateOne({ _id: ids[1] }, { $set: { name: 'a' } })
    expect(await mirror(engine, ids[0])).toEqual(['mirrored'])
    expect(await things(engine)).toMatchObject([{ name: 'b' }, { name: 'a' }])
    const { rows } = await engine.pool.query(
      'select origin, (select count(*)::int from thing_parts) as parts from things',
    )
    expect(rows).toEqual([
      { origin: 'app', parts: 1 },
      { origin: 'app', parts: 1 },
    ])
  })

  it('gives a value that the source holds twice to the lowest _id, and to the next when that one lets go', async () => {
    const { world, engine, ids, source } = await setUp()
    await using _ = world
    await source.insertMany([
      { _id: ids[0], name: 'same' },
      { _id: ids[1], name: 'same' },
    ])
    // The higher one first: it loses the column when the lower one arrives.
    expect(await mirror(engine, ids[1])).toEqual(['mirrored'])
    expect(await mirror(engine, ids[0])).toEqual(['mirrored'])
    const lowestHolds = [
      { name: 'same', kept: null },
      { name: null, kept: 'unique' },
    ]
    expect(await things(engine)).toMatchObject(lowestHolds)
    expect(await mirror(engine, ids[1])).toEqual(['mirrored'])
    expect(await things(engine)).toMatchObject(lowestHolds)
    await source.updateOne({ _id: ids[0] }, { $set: { name: 'other' } })
    expect(await mirror(engine, ids[0])).toEqual(['mirrored'])
    expect(await things(engine)).toMatchObject([{ name: 'other' }, { name: 'same', kept: null }])
    expect((await engine.pool.query('select from landbridge.unique_loser')).rowCount).toBe(0)
  })

  it('mirrors the loser when its holder is deleted', async () => {
    const { world, engine, ids, source } = await setUp()
    await using _ = world
    await source.insertMany([
      { _id: ids[0], name: 'same' },
      { _id: ids[1], name: 'same' },
    ])
    await mirror(engine, ...ids)
    await source.deleteOne({ _id: ids[0] })
    expect(await mirror(engine, ids[0])).toEqual(['deleted'])
    expect(await things(engine)).toMatchObject([{ name: 'same', kept: null }])
  })

  it('turns a ring of ten values in one go', async () => {
    const { world, engine, source } = await setUp()
    await using _ = world
    const ring = Array.from({ length: 10 }, () => new ObjectId())
    await source.insertMany(ring.map((_id, i) => ({ _id, name: `n${i}` })))
    await mirror(engine, ...ring)
    for (const [i, _id] of ring.entries())
      await source.updateOne({ _id }, { $set: { name: `n${(i + 1) % 10}` } })
    await mirror(engine, ...ring)
    expect((await things(engine)).map((thing) => thing.name)).toEqual(ring.map((_, i) => `n${(i + 1) % 10}`))
    expect(await gaps(engine)).toBe(0)
  })
})
