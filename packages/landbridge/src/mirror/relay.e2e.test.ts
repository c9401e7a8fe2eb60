import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { drainToMarker } from '../capture/caught-up.ts'
import { startCapture } from '../capture/change-stream.ts'
import { readPosition } from '../capture/position.ts'
import { type SampleWorld, sampleWorld } from '../testing/sample-world.ts'
import { drainOutbox, startRelay } from './relay.ts'

async function insertThing(world: SampleWorld, name: string | null): Promise<string> {
  const { _id, id } = world.newId()
  await world.engine.pool.query('insert into things (id, legacy_object_id, name) values ($1, $2, $3)', [
    id,
    _id.toHexString(),
    name,
  ])
  return id
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 20) {
    if (await condition()) return
    await sleep(20)
  }
  throw new Error('it did not come to be within 10 s')
}

describe('the relay', () => {
  it('empties the outbox, many entities at once, under writers', async () => {
    await using world = await sampleWorld('postgres')
    const relay = startRelay(world.engine)
    const ids = await Promise.all(Array.from({ length: 40 }, (_, i) => insertThing(world, `thing ${i}`)))
    for (let round = 0; round < 5; round++) {
      await world.engine.pool.query('update things set doc_version = $1', [round])
      await world.engine.pool.query('insert into thing_parts (thing_id, ordinal) select id, $1 from things', [
        round,
      ])
    }
    await until(async () => (await world.outbox()) === 0)
    await relay.stop()
    const things = await world.things()
    expect(things).toHaveLength(ids.length)
    expect(things.every((thing) => thing.__v === 4 && thing.parts.length === 5)).toBe(true)
  })

  it('two relays at once end in the same state', async () => {
    await using world = await sampleWorld('postgres')
    const id = await insertThing(world, 'lamp')
    const other = await world.anotherProcess()
    for (let round = 0; round < 10; round++) {
      await world.engine.pool.query('update things set doc_version = $1', [round])
      await Promise.all([
        drainOutbox(world.engine, 'sample', { timeoutMs: 5_000 }),
        drainOutbox(other, 'sample', { timeoutMs: 5_000 }),
      ])
    }
    expect(await world.outbox()).toBe(0)
    expect(await world.things()).toMatchObject([{ name: 'lamp', __v: 9 }])
    expect(id).toBeDefined()
  })

  it('leaves what MongoDB refuses visible, and the others go on (A23)', async () => {
    await using world = await sampleWorld('postgres')
    const { engine } = world
    await engine.database.collection('things').createIndex({ status: 1 }, { unique: true, sparse: true })
    await insertThing(world, 'a')
    const refused = await insertThing(world, 'b')
    await engine.pool.query("update things set status = 'new'")
    await insertThing(world, 'c')
    const report = await drainOutbox(engine, 'sample', { timeoutMs: 5_000 })
    expect(report).toMatchObject({ drained: false, mirrored: 2 })
    expect(report.left).toHaveLength(1)
    expect(report.left[0]?.trouble).toContain('E11000')
    const { rows } = await engine.pool.query('select code, attempts from landbridge.pg_dualwrite_gaps')
    expect(rows).toEqual([{ code: 'refused', attempts: 1 }])
    // Once it fits, the rows and the gap go.
    await engine.pool.query('update things set status = null where id = $1', [report.left[0]?.entity])
    expect(await drainOutbox(engine, 'sample', { timeoutMs: 5_000 })).toMatchObject({ drained: true })
    expect((await engine.pool.query('select from landbridge.pg_dualwrite_gaps')).rows).toEqual([])
    expect(refused).toBeDefined()
  })

  it('mirrors a chain of moved unique values together (A12)', async () => {
    await using world = await sampleWorld('postgres')
    const { engine } = world
    await engine.database.collection('things').createIndex({ name: 1 }, { unique: true, sparse: true })
    await engine.pool.query('alter table things drop constraint things_name_key')
    for (const name of ['a', 'b', 'c', 'd']) await insertThing(world, name)
    await drainOutbox(engine, 'sample', { timeoutMs: 5_000 })
    await engine.pool.query(`update things set name = translate(name, 'abcd', 'bcda')`)
    expect(await drainOutbox(engine, 'sample', { timeoutMs: 5_000 })).toMatchObject({ drained: true })
    expect((await world.things()).map((thing) => thing.name)).toEqual(['b', 'c', 'd', 'a'])
  })

  it('does nothing for a unit that is not in phase postgres, and drops what a retired one left', async () => {
    await using world = await sampleWorld('postgres')
    await insertThing(world, 'lamp')
    await world.setPhase('shadow')
    const relay = startRelay(world.engine)
    await sleep(400)
    expect(await world.outbox()).toBe(1)
    expect(await world.things()).toEqual([])
    await world.setPhase('retired')
    await until(async () => (await world.outbox()) === 0)
    expect(await world.things()).toEqual([])
    await relay.stop()
  })

  it('G9: draining first the stream and then the outbox undoes a foreign delete before the way back', async () => {
    await using world = await sampleWorld('postgres')
    const { engine } = world
    const capture = startCapture(engine)
    while ((await readPosition(engine.pool)) === undefined) await sleep(10)
    await insertThing(world, 'lamp')
    await drainOutbox(engine, 'sample', { timeoutMs: 5_000 })
    await engine.database.collection('things').deleteMany({})
    await drainToMarker(engine, { purpose: 'test', timeoutMs: 5_000 })
    expect(await drainOutbox(engine, 'sample', { timeoutMs: 5_000 })).toMatchObject({
      drained: true,
      mirrored: 1,
    })
    await world.setPhase('shadow')
    await drainToMarker(engine, { purpose: 'test', timeoutMs: 5_000 })
    expect(await world.things()).toMatchObject([{ name: 'lamp' }])
    const { rows } = await engine.pool.query('select name from things')
    expect(rows).toEqual([{ name: 'lamp' }])
    await capture.stop()
  })
})
