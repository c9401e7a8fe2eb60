import { expect, it } from 'vitest'
import { uuidFromObjectId } from '../identity/object-id-uuid.ts'
import { listQuarantined } from '../operator-api/quarantine.ts'
import { rollback } from '../operator-api/rollback.ts'
import { crossingWorld } from '../testing/crossing-world.ts'

it('an entity that MongoDB refuses stops the way back until it is left behind by name (A23)', async () => {
  await using world = await crossingWorld({ phase: 'postgres', timing: { fenceDeadlineMs: 15_000 } })
  const { engine, ids } = world
  const [poison, other] = ids
  if (poison === undefined || other === undefined) throw new Error('the world has things')
  const id = uuidFromObjectId(poison)
  // More than a document may hold.
  await engine.pool.query(
    "update thing_parts set label = repeat('x', 17 * 1024 * 1024) where thing_id = $1",
    [id],
  )
  await engine.pool.query("update things set name = 'fine' where id = $1", [uuidFromObjectId(other)])

  const back = { unit: 'sample', actor: 'maria', reason: 'past 16 MB' }
  await expect(rollback(engine, back)).rejects.toThrow(new RegExp(`${id}.*--leave`, 's'))
  expect(await world.row()).toMatchObject({ phase: 'postgres', status: 'open' })

  const done = await rollback(engine, { ...back, leave: [poison.toHexString()] })
  expect(done).toMatchObject({
    kind: 'rolled-back',
    change: { to: 'shadow', left: [{ collection: 'things', entity: id }] },
  })
  expect(await listQuarantined(engine)).toMatchObject([{ code: 'left', acceptedBy: 'maria' }])
  expect(await engine.database.collection('things').findOne({ _id: other })).toMatchObject({ name: 'fine' })
})
