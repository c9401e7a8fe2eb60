import { Double, ObjectId } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { uuidFromObjectId } from '../identity/object-id-uuid.ts'
import { mirrorToPostgres } from '../mirror/to-postgres.ts'
import { thingsMapping } from '../testing/sample-unit.ts'
import { type SampleWorld, sampleWorld } from '../testing/sample-world.ts'
import { verify } from './verify.ts'

const count = 40

/** A world of mirrored things that has been verified whole. */
async function verifiedWorld() {
  const world = await sampleWorld('shadow', { verifyGraceMs: 0 })
  const { engine } = world
  const ids = Array.from({ length: count }, () => new ObjectId())
  await engine.database
    .collection('things')
    .insertMany(
      ids.map((_id, i) => ({ _id, name: `thing ${i}`, price: new Double(i + 0.5), parts: [{ label: 'a' }] })),
    )
  await mirrorToPostgres(engine, thingsMapping, ids, { reason: 'backfill' })
  expect((await verify(engine, 'sample')).collections[0]).toMatchObject({ kind: 'full', compared: count })
  return { world, engine, ids, things: engine.database.collection('things') }
}

async function behindTheBack({ engine }: SampleWorld, ...statements: string[]): Promise<void> {
  await engine.pool.query(
    `begin; set local session_replication_role = replica; ${statements.join('; ')}; commit`,
  )
}

describe('a second verify', () => {
  it('compares what has changed in MongoDB, and moves the watermark', async () => {
    const { world, engine, ids, things } = await verifiedWorld()
    await using _ = world
    const before = await verify(engine, 'sample')
    expect(before.collections[0]).toMatchObject({ kind: 'changes', compared: 0 })
    const [changed, deleted, unmirrored] = ids
    const added = new ObjectId()
    await things.updateOne({ _id: changed }, { $set: { name: 'another' } })
    await things.deleteOne({ _id: deleted })
    await things.insertOne({ _id: added, name: 'new' })
    await mirrorToPostgres(engine, thingsMapping, [changed, deleted, added], { reason: 'capture' })
    const same = await verify(engine, 'sample')
    expect(same).toMatchObject({ differences: 0, collections: [{ kind: 'changes', compared: 3 }, {}] })
    expect(same.watermark).toBeGreaterThan(before.watermark ?? 0n)
    await things.updateOne({ _id: unmirrored }, { $set: { name: 'only there' } })
    const report = await verify(engine, 'sample')
    expect(report).toMatchObject({ differences: 1, collections: [{ kind: 'changes', compared: 1 }, {}] })
    // What differed is compared again, though nothing has changed since.
    expect(await verify(engine, 'sample')).toMatchObject({ differences: 1 })
    expect(await verify(engine, 'sample', { repair: true })).toMatchObject({ differences: 0 })
  })

  it('finds rows that were written behind the back of everything, in any table', async () => {
    const { world, engine, ids } = await verifiedWorld()
    await using _ = world
    const [root, child, stray] = ids.map((id) => uuidFromObjectId(id))
    await behindTheBack(
      world,
      `update things set price = price + 0.000000000000000001 where id = '${root}'`,
      `update thing_parts set label = 'b' where thing_id = '${child}'`,
      `insert into thing_parts (thing_id, ordinal, label) values ('${stray}', 1, 'c')`,
    )
    const report = await verify(engine, 'sample')
    expect(report).toMatchObject({ differences: 3, collections: [{ kind: 'changes', compared: 3 }, {}] })
  })

  it('compares everything when a row has vanished, because only the count tells', async () => {
    const { world, engine, ids } = await verifiedWorld()
    await using _ = world
    await behindTheBack(world, `delete from things where id = '${uuidFromObjectId(ids[0] ?? '')}'`)
    const report = await verify(engine, 'sample')
    expect(report).toMatchObject({ differences: 1, collections: [{ kind: 'full', compared: count }, {}] })
  })

  it('finds a column that no document shows, as long as appliers alone have written the unit', async () => {
    const { world, engine, ids } = await verifiedWorld()
    await using _ = world
    await behindTheBack(
      world,
      `update things set legacy_object_id = 'nobody' where id = '${uuidFromObjectId(ids[0] ?? '')}'`,
    )
    const report = await verify(engine, 'sample')
    expect(report.collections[0]?.groups).toMatchObject([
      { signature: 'things changed rows.things.*.legacy_object_id', postgresValue: '"nobody"' },
    ])
    await engine.pool.query(
      `update landbridge.unit set entered = '{"postgres": {"epoch": 1, "at": "2026-01-01T00:00:00Z"}}'`,
    )
    expect(await verify(engine, 'sample', { full: true })).toMatchObject({ differences: 0 })
  })

  it('compares everything when asked, after another mapping, and when the history is of no use', async () => {
    const { world, engine } = await verifiedWorld()
    await using _ = world
    const kindOf = async (full: boolean) => (await verify(engine, 'sample', { full })).collections[0]?.kind
    expect(await kindOf(true)).toBe('full')
    expect(await kindOf(false)).toBe('changes')
    await engine.pool.query("update landbridge.verify_run set schema_hash = 'another'")
    expect(await kindOf(false)).toBe('full')
    await engine.pool.query("update landbridge.verify_run set postgres_xid = '4000000000'::xid8")
    expect(await kindOf(false)).toBe('full')
    await engine.database.collection('things').drop()
    expect(await kindOf(false)).toBe('full')
  })

  it('proves nothing by two empty stores', async () => {
    await using world = await sampleWorld('shadow')
    await expect(verify(world.engine, 'sample')).rejects.toMatchObject({ code: 'LB_NOTHING_COMPARED' })
    const { rows } = await world.engine.pool.query('select * from landbridge.verify_run')
    expect(rows).toEqual([])
  })
})
