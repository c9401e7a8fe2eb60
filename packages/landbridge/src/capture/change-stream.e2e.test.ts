import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import type { Engine } from '../engine.ts'
import { decodeBson } from '../mapping/bson.ts'
import { mirrorToMongo } from '../mirror/to-mongo.ts'
import { thingsMapping } from '../testing/sample-unit.ts'
import { type SampleWorld, sampleWorld } from '../testing/sample-world.ts'
import { drainToMarker } from './caught-up.ts'
import { startCapture } from './change-stream.ts'
import type { Running } from './duty.ts'
import { readPosition } from './position.ts'

/** Stops what it was given at the end of the test, before the stores go. */
function capturing(engine: Engine): Running & AsyncDisposable {
  const running = startCapture(engine)
  return { ...running, [Symbol.asyncDispose]: running.stop }
}

const drained = (engine: Engine) => drainToMarker(engine, { purpose: 'test', timeoutMs: 10_000 })

/** A capture that has stored a position before the test writes anything. */
async function started(world: SampleWorld) {
  const capture = capturing(world.engine)
  while ((await readPosition(world.engine.pool)) === undefined) await sleep(10)
  return capture
}

async function names(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query('select name from things order by name')
  return rows.map((row) => row.name)
}

async function count(pool: Pool, table: string): Promise<number> {
  const { rows } = await pool.query(`select count(*)::int as n from landbridge.${table}`)
  return rows[0].n
}

describe('towards Postgres', () => {
  it('mirrors writes past the application: inserts, updates, deletes', async () => {
    await using world = await sampleWorld('mirror')
    await using capture = await started(world)
    const things = world.engine.database.collection('things')
    const ids = [world.newId(), world.newId(), world.newId()]
    await things.insertMany(ids.map(({ _id }, i) => ({ _id, name: `thing ${i}`, parts: [{ label: 'x' }] })))
    await drained(world.engine)
    expect(await names(world.engine.pool)).toEqual(['thing 0', 'thing 1', 'thing 2'])
    await things.updateOne({ _id: ids[1]?._id }, { $set: { name: 'changed' } })
    await things.deleteOne({ _id: ids[0]?._id })
    await drained(world.engine)
    expect(await names(world.engine.pool)).toEqual(['changed', 'thing 2'])
    expect(await count(world.engine.pool, 'foreign_event')).toBe(0)
    await capture.stop()
  })

  it('goes on after the stored position: nothing written while no capture runs is missed', async () => {
    await using world = await sampleWorld('mirror')
    const first = await started(world)
    await drained(world.engine)
    await first.stop()
    const { _id } = world.newId()
    await world.engine.database.collection('things').insertOne({ _id, name: 'meanwhile' })
    await using second = capturing(await world.anotherProcess())
    await drained(world.engine)
    expect(await names(world.engine.pool)).toEqual(['meanwhile'])
    await second.stop()
  })

  it('drops what it reads in phase mongo', async () => {
    await using world = await sampleWorld('mongo')
    await using capture = await started(world)
    const { _id } = world.newId()
    await world.engine.database.collection('things').insertOne({ _id, name: 'not moved yet' })
    await drained(world.engine)
    expect(await names(world.engine.pool)).toEqual([])
    await capture.stop()
  })

  it('two captures at once do no harm', async () => {
    await using world = await sampleWorld('shadow')
    await using first = await started(world)
    // The second takes the duty although the first still works.
    const other = await world.anotherProcess()
    await world.engine.pool.query('delete from landbridge.duty')
    await using second = capturing(other)
    const things = world.engine.database.collection('things')
    const ids = Array.from({ length: 30 }, () => world.newId())
    for (const [i, { _id }] of ids.entries()) {
      await things.insertOne({ _id, name: `thing ${i}` })
      if (i % 3 === 0) await things.deleteOne({ _id })
    }
    await drained(world.engine)
    expect(await names(world.engine.pool)).toHaveLength(20)
    expect(await count(world.engine.pool, 'pg_dualwrite_gaps')).toBe(0)
    await Promise.all([first.stop(), second.stop()])
  })
})

describe('the position', () => {
  it('does not move while what it would cover is not done: Postgres away', async () => {
    await using world = await sampleWorld('mirror')
    await using capture = await started(world)
    await drained(world.engine)
    const before = await readPosition(world.engine.pool)
    // Every statement of the engine fails, as if the server were gone.
    await world.engine.pool.query('alter table landbridge.unit rename to unit_away')
    const { _id } = world.newId()
    await world.engine.database.collection('things').insertOne({ _id, name: 'while away' })
    await world.engine.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    )
    await sleep(1_200)
    const during = await readPosition(world.engine.pool)
    expect(during?.token).toEqual(before?.token)
    await world.engine.pool.query('alter table landbridge.unit_away rename to unit')
    await drained(world.engine)
    expect(await names(world.engine.pool)).toEqual(['while away'])
    await capture.stop()
  })

  it('is kept fresh on an idle source', async () => {
    await using world = await sampleWorld('mirror')
    await using capture = await started(world)
    const before = await readPosition(world.engine.pool)
    await world.engine.database.collection('of nobody').insertOne({ a: 1 })
    await sleep(2_500)
    const after = await readPosition(world.engine.pool)
    expect(after?.updatedAt.getTime()).toBeGreaterThan(before?.updatedAt.getTime() ?? 0)
    expect(after?.clusterTime).toBeGreaterThan(before?.clusterTime ?? 0n)
    await capture.stop()
  })

  it('says so when the history is lost, and begins anew', async () => {
    await using world = await sampleWorld('mirror')
    await world.engine.pool.query(
      `insert into landbridge.position (capture, cluster_time, resume_token) values ('mongo', 1, '{"_data": "of another server"}')`,
    )
    await using capture = capturing(world.engine)
    while ((await count(world.engine.pool, 'history_lost')) === 0) await sleep(10)
    await drained(world.engine)
    const { rows } = await world.engine.pool.query('select unit from landbridge.history_lost')
    expect(rows).toEqual([{ unit: 'sample' }])
    expect((await readPosition(world.engine.pool))?.lostAt).toBeInstanceOf(Date)
    const { _id } = world.newId()
    await world.engine.database.collection('things').insertOne({ _id, name: 'after' })
    await drained(world.engine)
    expect(await names(world.engine.pool)).toEqual(['after'])
    await capture.stop()
  })

  it('says of a dropped collection that no event told of its documents', async () => {
    await using world = await sampleWorld('mirror')
    await using capture = await started(world)
    await world.engine.database.collection('notes').drop()
    await drained(world.engine)
    const { rows } = await world.engine.pool.query('select unit, detail from landbridge.history_lost')
    expect(rows).toEqual([{ unit: 'sample', detail: 'drop of notes' }])
    await capture.stop()
  })

  it('is not moved by a process that does not know a collection that is being moved', async () => {
    await using world = await sampleWorld('mirror')
    await world.engine.pool.query(
      `insert into landbridge.unit_table (table_name, unit, collection, entity_column, is_root)
       values ('gadgets', 'sample', 'gadgets', 'id', true)`,
    )
    await using capture = capturing(world.engine)
    await sleep(700)
    expect(await readPosition(world.engine.pool)).toBeUndefined()
    await capture.stop()
  })
})

describe('in phase postgres', () => {
  it('keeps a foreign write whole and mirrors the authority back over it, child rows and all (A4, G4)', async () => {
    await using world = await sampleWorld('postgres')
    const { engine } = world
    await using capture = await started(world)
    const { _id, id } = world.newId()
    await engine.pool.query("insert into things (id, legacy_object_id, name) values ($1, 'x', 'lamp')", [id])
    await engine.pool.query("insert into thing_parts (thing_id, ordinal, label) values ($1, 0, 'foot')", [id])
    await mirrorToMongo(engine, thingsMapping, id)
    await engine.database.collection('things').deleteOne({ _id })
    await drained(engine)
    expect(await count(engine.pool, 'foreign_event')).toBe(1)
    expect(await world.outbox()).toBe(1)
    expect(await mirrorToMongo(engine, thingsMapping, id, { mode: 'relay' })).toBe('mirrored')
    expect(await world.things()).toEqual([{ _id, name: 'lamp', parts: [{ label: 'foot' }] }])
    await capture.stop()
  })

  it('takes what its own sessions wrote for its own, also from another process: no echo (A14, O1)', async () => {
    await using world = await sampleWorld('postgres')
    const { engine } = world
    await using capture = await started(world)
    const { id } = world.newId()
    await engine.pool.query("insert into things (id, legacy_object_id, name) values ($1, 'x', 'lamp')", [id])
    await mirrorToMongo(engine, thingsMapping, id)
    await drained(engine)
    // A session that the running capture has never seen: it must be looked up, not taken for foreign.
    await engine.pool.query("update things set name = 'desk'")
    await mirrorToMongo(await world.anotherProcess(), thingsMapping, id)
    await drained(engine)
    expect(await count(engine.pool, 'foreign_event')).toBe(0)
    expect(await world.outbox()).toBe(0)
    await capture.stop()
  })

  it('keeps, of a raw delete, the document that was there, dropped paths and all (O4)', async () => {
    await using world = await sampleWorld('postgres')
    const { engine } = world
    await engine.database.command({ collMod: 'things', changeStreamPreAndPostImages: { enabled: true } })
    await using capture = await started(world)
    const { _id } = world.newId()
    await engine.database.collection('things').insertOne({ _id, name: 'lamp', secret: 'only here' })
    await engine.database.collection('things').deleteOne({ _id })
    await drained(engine)
    const { rows } = await engine.pool.query(
      "select event from landbridge.foreign_event where operation = 'delete'",
    )
    expect(decodeBson(rows[0].event).fullDocumentBeforeChange).toMatchObject({
      name: 'lamp',
      secret: 'only here',
    })
    await capture.stop()
  })

  it("takes an application's transaction for foreign, even one that touches the guard", async () => {
    await using world = await sampleWorld('postgres')
    const { engine } = world
    await using capture = await started(world)
    const { _id } = world.newId()
    await engine.mongo.withSession((session) =>
      session.withTransaction(async () => {
        await engine.database.collection('things').insertOne({ _id, name: 'foreign' }, { session })
        await engine.database.collection('landbridge_guard').insertOne({ n: 1 }, { session })
      }),
    )
    await drained(engine)
    expect(await count(engine.pool, 'foreign_event')).toBe(1)
    await capture.stop()
  })

  it('keeps an event once, however often it is read, and puts its row again', async () => {
    await using world = await sampleWorld('postgres')
    const { engine } = world
    const first = await started(world)
    await drained(engine)
    const before = await readPosition(engine.pool)
    const { _id } = world.newId()
    await engine.database.collection('things').insertOne({ _id, name: 'foreign' })
    await drained(engine)
    await first.stop()
    // As if the process had been killed before it stored the position.
    await engine.pool.query('update landbridge.position set cluster_time = $1, resume_token = $2', [
      String(before?.clusterTime),
      JSON.stringify(before?.token),
    ])
    await using second = capturing(engine)
    await drained(engine)
    expect(await count(engine.pool, 'foreign_event')).toBe(1)
    expect(await world.outbox()).toBe(2)
    await second.stop()
  })
})
