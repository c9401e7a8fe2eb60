import { Decimal128, ObjectId } from 'mongodb'
import { expect, it } from 'vitest'
import { backfill } from '../backfill/backfill.ts'
import type { Engine } from '../engine.ts'
import { uuidFromObjectId } from '../identity/object-id-uuid.ts'
import { type Node, startNode } from '../nodes/start-node.ts'
import { type EngineWorld, engineWorld } from '../testing/engine-world.ts'
import { sampleUnit } from '../testing/sample-unit.ts'
import { changePhase } from './change-phase.ts'
import { readCopy } from './copy.ts'
import { readCollections } from './validator.ts'

const duties = { capture: true, relay: true, reconcile: true }

async function inShadow(world: EngineWorld): Promise<{ node: Node; ids: ObjectId[] }> {
  const { engine } = world
  const ids = Array.from({ length: 20 }, () => new ObjectId())
  await engine.database.collection('things').insertMany(
    ids.map((_id, at) => ({
      _id,
      name: `thing ${at}`,
      price: Decimal128.fromString('1.50'),
      parts: [{ label: 'leg', quantity: 4 }],
      secret: 'only here',
    })),
  )
  const node = await startNode(engine, { duties })
  await changePhase(engine, { unit: 'sample', to: 'mirror', actor: 'test' })
  await backfill(engine, 'sample')
  await changePhase(engine, { unit: 'sample', to: 'shadow', actor: 'test' })
  return { node, ids }
}

async function closed(engine: Engine): Promise<boolean[]> {
  return (await readCollections(engine, sampleUnit)).map((collection) => collection.closed)
}

it('moves the authority to Postgres and back, and one store takes writes all along', async () => {
  await using world = await engineWorld()
  const { engine } = world
  const { node, ids } = await inShadow(world)
  const things = engine.database.collection('things')

  const forth = await changePhase(engine, { unit: 'sample', to: 'postgres', actor: 'test' })
  expect(forth.pauseMs).toBeGreaterThan(0)
  expect(forth.unfinished).toEqual([])
  expect(await closed(engine)).toEqual([true, true])
  expect(await readCopy(engine, 'sample')).toMatchObject({ authority: 'postgres', epoch: forth.epoch })
  await expect(things.updateOne({ _id: ids[0] }, { $set: { name: 'late' } })).rejects.toMatchObject({
    code: 121,
  })
  await engine.pool.query('update things set name = $2 where id = $1', [
    uuidFromObjectId(ids[0] ?? ''),
    'renamed',
  ])

  const back = await changePhase(engine, { unit: 'sample', to: 'shadow', actor: 'test' })
  expect(back.unfinished).toEqual([])
  expect(await closed(engine)).toEqual([false, false])
  expect(await things.findOne({ _id: ids[0] })).toMatchObject({ name: 'renamed', secret: 'only here' })
  await things.updateOne({ _id: ids[1] }, { $set: { name: 'in MongoDB again' } })
  await expect(engine.pool.query("update things set name = 'x'")).rejects.toMatchObject({ code: 'LB001' })
  const { rows } = await engine.pool.query(
    "select detail from landbridge.audit where action = 'change-phase'",
  )
  expect(rows).toHaveLength(4)
  await node.stop()
})
