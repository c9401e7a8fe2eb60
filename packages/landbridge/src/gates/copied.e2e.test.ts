import { ObjectId } from 'mongodb'
import { expect, it } from 'vitest'
import { unitOf } from '../engine.ts'
import { inTransaction } from '../target/transaction.ts'
import { crossingWorld } from '../testing/crossing-world.ts'
import { copied } from './copied.ts'

const measure = async (world: Awaited<ReturnType<typeof crossingWorld>>) =>
  (
    await copied({
      engine: world.engine,
      unit: unitOf(world.engine, 'sample'),
      row: await world.row(),
      into: 'shadow',
    })
  ).value

it('counts of a collection that never rests are equal, and one missing row is not', async () => {
  await using world = await crossingWorld({ phase: 'mirror' })
  const notes = world.engine.database.collection('notes')
  let resting = false
  const writer = (async () => {
    while (!resting) await notes.insertOne({ _id: new ObjectId(), body: 'one more' })
  })()
  try {
    expect(await measure(world)).not.toMatch(/in Postgres/)
  } finally {
    resting = true
    await writer
  }
  await inTransaction(world.engine.pool, { applier: true }, (tx) =>
    tx.query('delete from notes where id = (select id from notes limit 1)'),
  )
  expect(await measure(world)).toMatch(/notes: \d+ in MongoDB, \d+ in Postgres/)
})
