import { Double } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { idToBytes } from '../source/id-key.ts'
import { pausedAfterCommit } from '../testing/paused-engine.ts'
import { thingsMapping } from '../testing/sample-unit.ts'
import { sampleWorld } from '../testing/sample-world.ts'
import { mirrorSetToMongo, mirrorToMongo } from './to-mongo.ts'

const insert = 'insert into things (id, legacy_object_id, name, price) values ($1, $2, $3, $4)'

describe('mirrorToMongo', () => {
  it('builds, changes and deletes a document by state, and empties exactly its outbox rows', async () => {
    await using world = await sampleWorld('postgres')
    const { engine } = world
    const { _id, id } = world.newId()
    await engine.pool.query(insert, [id, _id.toHexString(), 'lamp', '12.50'])
    await engine.pool.query("insert into thing_parts (thing_id, ordinal, label) values ($1, 0, 'foot')", [id])
    expect(await mirrorToMongo(engine, thingsMapping, id)).toBe('mirrored')
    expect(await world.things()).toEqual([{ _id, name: 'lamp', price: 12.5, parts: [{ label: 'foot' }] }])
    expect(await world.outbox()).toBe(0)
    expect(await mirrorToMongo(engine, thingsMapping, id)).toBe('equal')

    await engine.pool.query('update things set price = null, status = $2 where id = $1', [id, 'used'])
    expect(await mirrorToMongo(engine, thingsMapping, id)).toBe('mirrored')
    expect(await world.things()).toEqual([{ _id, name: 'lamp', status: 'used', parts: [{ label: 'foot' }] }])

    await engine.pool.query('delete from things where id = $1', [id])
    expect(await mirrorToMongo(engine, thingsMapping, id)).toBe('deleted')
    expect(await world.things()).toEqual([])
    expect(await mirrorToMongo(engine, thingsMapping, id)).toBe('nothing')
    const guard = await engine.database.collection('landbridge_guard').findOne({})
    expect(guard).toMatchObject({ mirrors: 5 })
  })

  it('keeps dropped paths, and writes nothing into a document that is equal', async () => {
    await using world = await sampleWorld('postgres')
    const { engine } = world
    const { _id, id } = world.newId()
    await engine.database.collection('things').insertOne({ _id, name: 'old', secret: 'only here', parts: [] })
    await engine.pool.query(insert, [id, _id.toHexString(), 'new', '1'])
    await mirrorToMongo(engine, thingsMapping, id)
    expect(await world.things()).toEqual([{ _id, name: 'new', price: 1, secret: 'only here', parts: [] }])
  })

  it('does nothing outside of phase postgres', async () => {
    await using world = await sampleWorld('postgres')
    const { _id, id } = world.newId()
    await world.engine.pool.query(insert, [id, _id.toHexString(), 'lamp', null])
    await world.setPhase('shadow')
    expect(await mirrorToMongo(world.engine, thingsMapping, id)).toBe('wrong-phase')
    expect(await world.things()).toEqual([])
    expect(await world.outbox()).toBe(1)
  })

  it('refuses a unit whose row went back in time (C5)', async () => {
    await using world = await sampleWorld('postgres')
    const { id } = world.newId()
    await world.engine.database
      .collection<{ _id: string }>('landbridge_units')
      .insertOne({ _id: 'sample', authority: 'mongo', epoch: 99n } as never)
    await expect(mirrorToMongo(world.engine, thingsMapping, id)).rejects.toMatchObject({
      code: 'LB_ROW_WENT_BACK',
    })
  })

  it('leaves a quarantined document alone and is done with its outbox rows (A15)', async () => {
    await using world = await sampleWorld('postgres')
    const { engine } = world
    const { _id, id } = world.newId()
    await engine.database.collection('things').insertOne({ _id, name: { not: 'a text' } } as never)
    await engine.pool.query(
      `insert into landbridge.quarantine (collection, legacy_id, unit, raw, path, code, reason, value_type, epoch)
       values ('things', $1, 'sample', '', 'name', 'type', 'a document', 'document', 1)`,
      [idToBytes(_id)],
    )
    await engine.pool.query(
      "insert into landbridge.change_outbox (unit, collection, entity, kind) values ('sample', 'things', $1, 'entity')",
      [id],
    )
    expect(await mirrorToMongo(engine, thingsMapping, id)).toBe('quarantined')
    expect(await world.things()).toHaveLength(1)
    expect(await world.outbox()).toBe(0)
  })

  it('deletes the document of a child row without a parent (G5)', async () => {
    await using world = await sampleWorld('postgres')
    const { engine } = world
    const { _id, id } = world.newId()
    await engine.pool.query('alter table thing_parts drop constraint thing_parts_thing_id_fkey')
    await engine.database.collection('things').insertOne({ _id, name: 'gone', parts: [] })
    await engine.pool.query('insert into thing_parts (thing_id, ordinal) values ($1, 0)', [id])
    expect(await mirrorToMongo(engine, thingsMapping, id)).toBe('deleted')
    expect(await world.things()).toEqual([])
  })

  it('builds an absent document whole, whatever its outbox rows name (G4)', async () => {
    await using world = await sampleWorld('postgres')
    const { engine } = world
    const { _id, id } = world.newId()
    await engine.pool.query(insert, [id, _id.toHexString(), 'lamp', null])
    await engine.pool.query(
      "insert into thing_parts (thing_id, ordinal, label) values ($1, 0, 'a'), ($1, 1, 'b')",
      [id],
    )
    await mirrorToMongo(engine, thingsMapping, id)
    await engine.database.collection('things').deleteOne({ _id })
    await engine.pool.query("update thing_parts set label = 'c' where ordinal = 1")
    expect(await mirrorToMongo(engine, thingsMapping, id)).toBe('mirrored')
    expect(await world.things()).toEqual([{ _id, name: 'lamp', parts: [{ label: 'a' }, { label: 'c' }] }])
  })

  it('writes types that only a form remembers byte for byte', async () => {
    await using world = await sampleWorld('postgres')
    const { engine } = world
    const { _id, id } = world.newId()
    await engine.pool.query(
      'insert into things (id, legacy_object_id, price, extra) values ($1, $2, 1, $3)',
      [id, _id.toHexString(), JSON.stringify({ $form: { price: { $numberDouble: '1.0' } } })],
    )
    await mirrorToMongo(engine, thingsMapping, id)
    const found = await engine.database.collection('things').findOne({ _id }, { promoteValues: false })
    expect(found?.price).toEqual(new Double(1))
  })
})

describe('interleavings towards MongoDB', () => {
  it('A1: a writer with the lower number that commits last is mirrored', async () => {
    await using world = await sampleWorld('postgres')
    const { engine } = world
    const { _id, id } = world.newId()
    await engine.pool.query(insert, [id, _id.toHexString(), 'lamp', null])
    await engine.pool.query(
      "insert into thing_parts (thing_id, ordinal, label) values ($1, 0, 'a'), ($1, 1, 'b')",
      [id],
    )
    const first = await engine.pool.connect()
    await first.query("begin; update thing_parts set label = 'first' where ordinal = 0")
    await engine.pool.query("update thing_parts set label = 'second' where ordinal = 1")
    await mirrorToMongo(engine, thingsMapping, id)
    await first.query('commit')
    first.release()
    expect(await world.outbox()).toBe(1)
    expect(await mirrorToMongo(engine, thingsMapping, id, { mode: 'relay' })).toBe('mirrored')
    expect(await world.things()).toMatchObject([{ parts: [{ label: 'first' }, { label: 'second' }] }])
    expect(await world.outbox()).toBe(0)
  })

  it('A3: an outbox row that commits after the snapshot survives the mirror', async () => {
    await using world = await sampleWorld('postgres')
    const { _id, id } = world.newId()
    await world.engine.pool.query(insert, [id, _id.toHexString(), 'one', null])
    const paused = pausedAfterCommit(world.engine)
    const mirror = mirrorToMongo(paused.engine, thingsMapping, id)
    await paused.reached
    await world.engine.pool.query("update things set name = 'two' where id = $1", [id])
    paused.resume()
    expect(await mirror).toBe('mirrored')
    expect(await world.outbox()).toBe(1)
    await mirrorToMongo(world.engine, thingsMapping, id, { mode: 'relay' })
    expect(await world.things()).toMatchObject([{ name: 'two' }])
  })

  it('A2: a mirror that was stopped cannot bring a deleted entity back', async () => {
    await using world = await sampleWorld('postgres')
    const { _id, id } = world.newId()
    await world.engine.pool.query(insert, [id, _id.toHexString(), 'lamp', null])
    const paused = pausedAfterCommit(world.engine)
    const stopped = mirrorToMongo(paused.engine, thingsMapping, id)
    await paused.reached
    await world.engine.pool.query('delete from things where id = $1', [id])
    // The document is absent and stays so: nothing but the guard conflicts with the stopped mirror.
    const other = await world.anotherProcess()
    expect(await mirrorToMongo(other, thingsMapping, id)).toBe('nothing')
    paused.resume()
    expect(await stopped).toBe('conflict')
    expect(await world.things()).toEqual([])
  })

  it('G6: a mirror that found its document equal makes an older one fail, too', async () => {
    await using world = await sampleWorld('postgres')
    const { engine } = world
    const { _id, id } = world.newId()
    await engine.pool.query(insert, [id, _id.toHexString(), 'one', null])
    await mirrorToMongo(engine, thingsMapping, id)
    await engine.pool.query("update things set name = 'two' where id = $1", [id])
    const paused = pausedAfterCommit(engine)
    const stopped = mirrorToMongo(paused.engine, thingsMapping, id)
    await paused.reached
    await engine.pool.query("update things set name = 'one' where id = $1", [id])
    expect(await mirrorToMongo(await world.anotherProcess(), thingsMapping, id)).toBe('equal')
    paused.resume()
    expect(await stopped).toBe('conflict')
    expect(await world.things()).toMatchObject([{ name: 'one' }])
  })
})

describe('unique values that moved between entities (A12)', () => {
  it('mirrors a swap in one transaction', async () => {
    await using world = await sampleWorld('postgres')
    const { engine } = world
    await engine.database.collection('things').createIndex({ name: 1 }, { unique: true, sparse: true })
    const [a, b] = [world.newId(), world.newId()]
    await engine.pool.query(insert, [a.id, a._id.toHexString(), 'a', null])
    await engine.pool.query(insert, [b.id, b._id.toHexString(), 'b', null])
    await mirrorToMongo(engine, thingsMapping, a.id)
    await mirrorToMongo(engine, thingsMapping, b.id)
    await engine.pool.query('alter table things drop constraint things_name_key')
    await engine.pool.query("update things set name = case name when 'a' then 'b' else 'a' end")
    await expect(mirrorToMongo(engine, thingsMapping, a.id)).rejects.toMatchObject({ code: 11_000 })
    const outcomes = await mirrorSetToMongo(engine, thingsMapping, [a.id, b.id])
    expect([...outcomes.values()]).toEqual(['mirrored', 'mirrored'])
    expect((await world.things()).map((thing) => thing.name)).toEqual(['b', 'a'])
    expect(await world.outbox()).toBe(0)
  })
})
