import { Timestamp } from 'mongodb'
import { expect, it, vi } from 'vitest'
import { crossingWorld } from '../testing/crossing-world.ts'
import { engineWorld } from '../testing/engine-world.ts'
import { sampleUnit } from '../testing/sample-unit.ts'
import { assertUnit } from './assert-unit.ts'
import { changePhase } from './change-phase.ts'
import { readCopy, writeCopy } from './copy.ts'
import { announceFence } from './fence-steps.ts'
import { settleFence } from './settle-fence.ts'
import { closeCollections, readCollections } from './validator.ts'

it('a late writer of the copy cannot turn it back (C3)', async () => {
  await using world = await engineWorld()
  expect(await writeCopy(world.engine, { unit: 'sample', authority: 'mongo', epoch: 3n }, 1_000)).toBe(true)
  expect(await writeCopy(world.engine, { unit: 'sample', authority: 'postgres', epoch: 4n }, 1_000)).toBe(
    true,
  )
  expect(await writeCopy(world.engine, { unit: 'sample', authority: 'mongo', epoch: 3n }, 1_000)).toBe(false)
  expect(await writeCopy(world.engine, { unit: 'sample', authority: 'mongo', epoch: 4n }, 1_000)).toBe(false)
  expect(await readCopy(world.engine, 'sample')).toEqual({ unit: 'sample', authority: 'postgres', epoch: 4n })
})

it('nobody acts on a row that went back in time (C5)', async () => {
  await using world = await crossingWorld()
  const row = await world.row()
  await writeCopy(world.engine, { unit: 'sample', authority: 'postgres', epoch: row.epoch + 5n }, 1_000)
  await expect(world.to('postgres')).rejects.toMatchObject({ code: 'LB_ROW_WENT_BACK' })
  // Nor a step that leaves the authority where it is: its epoch would pass the copy's and hide what was lost.
  await expect(world.to('mirror')).rejects.toMatchObject({ code: 'LB_ROW_WENT_BACK' })
  await expect(assertUnit(world.engine, sampleUnit)).rejects.toMatchObject({ code: 'LB_ROW_WENT_BACK' })
  await world.engine.pool.query(
    `update landbridge.unit set status = 'fenced', fence_id = gen_random_uuid(), fence_target = 'mirror',
       fence_deadline = now() - interval '1 second'`,
  )
  await expect(settleFence(world.engine, sampleUnit)).rejects.toMatchObject({ code: 'LB_ROW_WENT_BACK' })
  // The nodes serve nothing of it.
  await vi.waitFor(() => expect(world.node.watch.current('sample').authority).toBe('unknown'), 3_000)
  expect((await world.row()).status).toBe('fenced')
})

it('a collMod that arrives late is put right by the nodes (A7)', async () => {
  await using world = await crossingWorld()
  const collections = await readCollections(world.engine, sampleUnit)
  await closeCollections(world.engine, sampleUnit, collections, 1_000)
  await vi.waitFor(async () => expect(await world.closed()).toEqual([false, false]), 5_000)
})

it('no fence opens while a validator is being lifted, nor after its process lost the lock (C1)', async () => {
  await using world = await crossingWorld({ timing: { pauseBudgetMs: 300 } })
  await world.node.stop()
  const lifter = await world.another('lifter')
  const collections = await readCollections(world.engine, sampleUnit)
  await closeCollections(world.engine, sampleUnit, collections, 1_000)

  let arrive: () => void = () => undefined
  let release: () => void = () => undefined
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const command = lifter.database.command.bind(lifter.database)
  vi.spyOn(lifter.database, 'command').mockImplementation(async (request, options) => {
    if ('collMod' in request && 'validator' in request) {
      arrive()
      await released
    }
    return command(request, options)
  })
  const lifting = assertUnit(lifter, sampleUnit).catch((error: unknown) => error)
  await arrived
  // Announced directly: the node that captured has been stopped.
  const announce = () => announceFence(world.engine, { unit: 'sample', from: 'shadow', to: 'postgres' })
  // The lifter holds the unit's lock until MongoDB has answered.
  await expect(announce()).rejects.toThrow(/a transaction holds the unit/)
  // Its session is lost, the collMod is still on its way: the note stops the fence.
  await world.engine.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'landbridge lifter' and state = 'idle in transaction'",
  )
  await expect(announce()).rejects.toThrow(/may still be opening/)
  release()
  await lifting
  const { rows } = await world.engine.pool.query('select unit from landbridge.lifting')
  expect(rows).toEqual([])
})

it('refuses deletes of a repository in phase postgres, because they touch the document first (A4)', async () => {
  await using world = await crossingWorld({ phase: 'postgres' })
  const things = world.engine.database.collection('things')
  const _id = world.ids[0]
  const remove = world.engine.mongo.withSession((session) =>
    session.withTransaction(async () => {
      await things.updateOne({ _id }, { $set: { touchedAt: new Timestamp(1n) } }, { session })
      await things.deleteOne({ _id }, { session })
    }),
  )
  await expect(remove).rejects.toMatchObject({ code: 121 })
  expect(await things.countDocuments({ _id })).toBe(1)
})

it('takes a unit down to mongo and clears what was measured (A16)', async () => {
  await using world = await crossingWorld()
  await changePhase(world.engine, { unit: 'sample', to: 'mongo', actor: 'test' })
  const { rows } = await world.engine.pool.query('select count(*)::int as n from landbridge.chunk')
  expect(rows[0]?.n).toBe(0)
})

it('the way back first reads the stream: a raw delete just before it is undone, not made real (G9)', async () => {
  await using world = await crossingWorld({ phase: 'postgres' })
  const things = world.engine.database.collection('things')
  const [_id] = world.ids
  // A shell's delete: validators do not see it.
  await things.deleteOne({ _id })
  await world.to('shadow')
  expect(await things.findOne({ _id })).toMatchObject({ name: 'thing 0' })
  const { rows } = await world.engine.pool.query('select count(*)::int as n from things')
  expect(rows[0]?.n).toBe(world.ids.length)
})
