import { Double, Int32, ObjectId } from 'mongodb'
import { describe, expect, it } from 'vitest'
import type { Engine } from '../engine.ts'
import { uuidFromObjectId } from '../identity/object-id-uuid.ts'
import { mirrorToPostgres } from '../mirror/to-postgres.ts'
import { thingsMapping } from '../testing/sample-unit.ts'
import { type SampleWorld, sampleWorld } from '../testing/sample-world.ts'
import { differingEntities, reportedGroups } from './difference-store.ts'
import { verify } from './verify.ts'
import { startVerifyLoop } from './verify-loop.ts'
import { readWatermark } from './verify-run.ts'

const graceMs = 60

/** A world with mirrored things. */
async function mirroredWorld(
  count: number,
): Promise<{ world: SampleWorld; engine: Engine; ids: ObjectId[] }> {
  const world = await sampleWorld('shadow', { verifyGraceMs: graceMs })
  const { engine } = world
  const ids = Array.from({ length: count }, () => new ObjectId())
  await engine.database
    .collection('things')
    .insertMany(
      ids.map((_id, i) => ({ _id, name: `thing ${i}`, price: new Double(i + 0.5), parts: [{ label: 'a' }] })),
    )
  await mirrorToPostgres(engine, thingsMapping, ids, { reason: 'backfill' })
  return { world, engine, ids }
}

/** Changes rows behind the back of everything, as a fault would. */
async function breakRows(engine: Engine, statement: string, values: unknown[] = []): Promise<void> {
  const client = await engine.pool.connect()
  try {
    await client.query('begin; set local session_replication_role = replica')
    await client.query(statement, values)
    await client.query('commit')
  } finally {
    client.release()
  }
}

describe('verify', () => {
  it('finds nothing where the stores agree, and says up to where', async () => {
    const { world, engine } = await mirroredWorld(7)
    await using _ = world
    const report = await verify(engine, 'sample')
    expect(report).toMatchObject({
      complete: true,
      differences: 0,
      direction: 'to-postgres',
      collections: [
        { collection: 'things', compared: 7, counts: { mongo: 7, postgres: 7, quarantined: 0, equal: true } },
        { collection: 'notes', compared: 0 },
      ],
    })
    expect(report.watermark).toBeGreaterThan(0n)
    const { rows } = await engine.pool.query('select epoch from landbridge.unit')
    expect((await readWatermark(engine.pool, 'things', BigInt(rows[0].epoch)))?.watermark).toBe(
      report.collections[0]?.watermark,
    )
  })

  it('finds what is missing, extra, changed or of another type on either side, groups and repairs it', async () => {
    const { world, engine, ids } = await mirroredWorld(6)
    await using _ = world
    const [missing, changed, typed, child] = ids
    await breakRows(engine, 'delete from things where legacy_object_id = $1', [missing?.toHexString()])
    await breakRows(engine, "update things set name = 'wrong' where legacy_object_id = $1", [
      changed?.toHexString(),
    ])
    await engine.database.collection('things').updateOne({ _id: typed }, { $set: { price: '2.5' } })
    await breakRows(
      engine,
      "update thing_parts set label = 'b' where thing_id = (select id from things where legacy_object_id = $1)",
      [child?.toHexString()],
    )
    const ghost = world.newId()
    await breakRows(engine, "insert into things (id, legacy_object_id, name) values ($1, $2, 'ghost')", [
      ghost.id,
      ghost._id.toHexString(),
    ])
    const report = await verify(engine, 'sample')
    expect(report.differences).toBe(5)
    expect(report.collections[0]?.groups.map((group) => group.signature).sort()).toEqual([
      'things changed name',
      'things changed parts.*.label',
      'things extra (document)',
      'things missing (document)',
      'things type price',
    ])
    expect(report.collections[0]?.groups.find((group) => group.kind === 'type')).toMatchObject({
      mongoValue: '"2.5"',
      postgresValue: 'double(2.5)',
    })
    const repaired = await verify(engine, 'sample', { repair: true })
    expect(repaired).toMatchObject({ differences: 0, collections: [{ repaired: 5 }, {}] })
    expect(await verify(engine, 'sample')).toMatchObject({ differences: 0 })
  })

  it('does not report a write in flight', async () => {
    const { world, engine, ids } = await mirroredWorld(3)
    await using _ = world
    const [id] = ids
    await engine.database.collection('things').updateOne({ _id: id }, { $set: { name: 'on its way' } })
    const verifying = verify(engine, 'sample', { graceMs: 400 })
    await expect.poll(() => differingEntities(engine.pool, 'things')).toHaveLength(1)
    await mirrorToPostgres(engine, thingsMapping, [id], { reason: 'capture' })
    expect(await verifying).toMatchObject({ differences: 0, complete: true })
  })

  it('finds a broken entity that is written faster than its difference grows old (A17)', async () => {
    const { world, engine, ids } = await mirroredWorld(3)
    await using _ = world
    const [hot] = ids
    // A trigger that fires for appliers too corrupts each write of the hot entity: its mirror can never be right.
    await engine.pool.query(`
      create function corrupt() returns trigger language plpgsql as $$
      begin if new.name like 'hot%' then new.name := new.name || '!'; end if; return new; end $$;
      create trigger corrupt before insert or update on things for each row execute function corrupt();
      alter table things enable always trigger corrupt`)
    let writing = true
    const writes = (async () => {
      for (let i = 0; writing; i++) {
        await engine.database.collection('things').updateOne({ _id: hot }, { $set: { name: `hot ${i}` } })
        await mirrorToPostgres(engine, thingsMapping, [hot], { reason: 'capture' })
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    })()
    await expect
      .poll(async () => (await engine.database.collection('things').findOne({ _id: hot }))?.name)
      .toMatch(/^hot/)
    const report = await verify(engine, 'sample', { graceMs: 100 })
    writing = false
    await writes
    expect(report).toMatchObject({ differences: 1, complete: true })
    expect(report.collections[0]?.groups).toMatchObject([{ signature: 'things changed name' }])
  })

  it('reports a difference that stays, however long ago it began, and mends nothing without being asked', async () => {
    const { world, engine } = await mirroredWorld(3)
    await using _ = world
    await breakRows(engine, "update things set name = 'damaged' where name = 'thing 1'")
    const report = await verify(engine, 'sample', { graceMs: 0 })
    expect(report.differences).toBe(1)
    const { rows } = await engine.pool.query("select count(*)::int as n from things where name = 'damaged'")
    expect(rows[0].n).toBe(1)
  })

  it('leaves a quarantined entity alone, also with repair: its document may be the only original (A15)', async () => {
    const { world, engine, ids } = await mirroredWorld(2)
    await using _ = world
    const [id] = ids
    await engine.database
      .collection('things')
      .updateOne({ _id: id }, { $set: { price: new Int32(2_000_000) } })
    await mirrorToPostgres(engine, thingsMapping, [id], { reason: 'capture' })
    expect(await verify(engine, 'sample', { repair: true })).toMatchObject({
      differences: 0,
      collections: [{ counts: { mongo: 1, postgres: 1, quarantined: 1, equal: true } }, {}],
    })
    await world.setPhase('postgres')
    expect(await verify(engine, 'sample', { repair: true })).toMatchObject({
      differences: 0,
      direction: 'to-mongo',
    })
    expect(await world.outbox()).toBe(0)
    expect(await world.things()).toHaveLength(2)
  })

  it('puts whole entities into the outbox to repair MongoDB', async () => {
    const { world, engine, ids } = await mirroredWorld(2)
    await using _ = world
    await world.setPhase('postgres')
    await engine.database.collection('things').updateOne({ _id: ids[0] }, { $set: { name: 'by a shell' } })
    expect(await verify(engine, 'sample')).toMatchObject({ differences: 1 })
    const repairing = verify(engine, 'sample', { repair: true })
    await expect.poll(() => world.outbox()).toBe(1)
    const { rows } = await engine.pool.query('select kind, table_name from landbridge.change_outbox')
    expect(rows).toEqual([{ kind: 'entity', table_name: null }])
    await engine.database.collection('things').updateOne({ _id: ids[0] }, { $set: { name: 'thing 0' } })
    await engine.pool.query('delete from landbridge.change_outbox')
    expect(await repairing).toMatchObject({ differences: 0 })
  })

  it('goes on where it was interrupted, with the watermark of its beginning', async () => {
    const { world, engine } = await mirroredWorld(1_100)
    await using _ = world
    const abort = new AbortController()
    const first = await verify(engine, 'sample', {
      signal: abort.signal,
      batchSize: 500,
      onProgress: () => abort.abort(),
    })
    expect(first).toMatchObject({ complete: false, watermark: null, collections: [{ compared: 500 }] })
    const { rows } = await engine.pool.query('select watermark from landbridge.verify_run')
    const second = await verify(engine, 'sample')
    expect(second).toMatchObject({ complete: true, collections: [{ compared: 1_100 }, {}] })
    expect(second.collections[0]?.watermark).toBe(BigInt(rows[0].watermark))
  })

  it('reports a document with an _id of another type until it stands in quarantine', async () => {
    const { world, engine } = await mirroredWorld(1)
    await using _ = world
    await engine.database.collection<{ _id: string }>('things').insertOne({ _id: 'by hand' })
    expect(await verify(engine, 'sample')).toMatchObject({ differences: 1 })
    expect(await verify(engine, 'sample', { repair: true })).toMatchObject({ differences: 0 })
    expect(await reportedGroups(engine.pool, 'things')).toEqual([])
  })

  it('forgets the difference of an entity that is gone from both stores', async () => {
    const { world, engine, ids } = await mirroredWorld(2)
    await using _ = world
    const id = ids[0] ?? new ObjectId()
    await breakRows(engine, 'delete from things where legacy_object_id = $1', [id.toHexString()])
    expect(await verify(engine, 'sample')).toMatchObject({ differences: 1 })
    await engine.database.collection('things').deleteOne({ _id: id })
    // Its children are still there, and belong to nobody.
    expect((await verify(engine, 'sample')).collections[0]?.groups).toMatchObject([
      { signature: 'things extra thing_parts', entities: 1 },
    ])
    await breakRows(engine, 'delete from thing_parts where thing_id = $1', [uuidFromObjectId(id)])
    expect(await verify(engine, 'sample')).toMatchObject({ differences: 0 })
  })

  it('refuses a unit that is mirrored nowhere', async () => {
    await using world = await sampleWorld('mongo')
    await expect(verify(world.engine, 'sample')).rejects.toMatchObject({ code: 'LB_STEP_NOT_ALLOWED' })
  })

  it('does not stop at a neighbour that cannot be read', async () => {
    const { world, engine } = await mirroredWorld(1)
    await using _ = world
    await engine.pool.query('alter table things rename to things_elsewhere')
    expect(await verify(engine, 'sample')).toMatchObject({
      complete: false,
      watermark: null,
      collections: [
        { collection: 'things', error: { code: '42P01' }, counts: null, watermark: null },
        { collection: 'notes', error: undefined, counts: { equal: true } },
      ],
    })
  })

  it('runs by itself once a unit is copied whole', async () => {
    const { world, engine } = await mirroredWorld(2)
    await using _ = world
    await breakRows(engine, "update things set name = 'wrong' where name = 'thing 0'")
    const loop = startVerifyLoop(engine, { everyMs: 50 })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await readWatermark(engine.pool, 'things')).toBeUndefined()
    await engine.pool.query(
      `insert into landbridge.chunk (unit, collection, bson_type, status, epoch)
       values ('sample', 'things', 'objectId', 'done', 1), ('sample', 'notes', 'objectId', 'done', 1)`,
    )
    await expect.poll(() => reportedGroups(engine.pool, 'things'), { timeout: 10_000 }).toHaveLength(1)
    await loop.stop()
  })
})
