import { expect, it } from 'vitest'
import type { UnitConfig } from '../config.ts'
import { engineWorld } from '../testing/engine-world.ts'
import { sampleUnit } from '../testing/sample-unit.ts'
import { carryCounters } from './counters.ts'

const counter = { collection: 'counters', id: 'thing_index', field: 'seq', sequence: 'public.thing_index' }
const unit: UnitConfig = { ...sampleUnit, counters: [counter] }
const withUse: UnitConfig = {
  ...sampleUnit,
  counters: [{ ...counter, used: { collection: 'things', path: 'place.index' } }],
}

it('carries a counter to and fro, and never gives a number out twice', async () => {
  await using world = await engineWorld()
  const { engine } = world
  const counters = engine.database.collection<{ _id: string; seq: number }>('counters')
  await engine.pool.query('create sequence thing_index')
  const next = async () => Number((await engine.pool.query("select nextval('thing_index')")).rows[0]?.nextval)
  const inMongo = async () => Number((await counters.findOne({ _id: 'thing_index' }))?.seq)

  // Neither has been used: the first number stays free.
  await carryCounters(engine, unit, 'postgres')
  expect(await next()).toBe(1)
  await carryCounters(engine, unit, 'mongo')
  expect(await inMongo()).toBe(1)

  await counters.updateOne({ _id: 'thing_index' }, { $inc: { seq: 41 } })
  await carryCounters(engine, unit, 'postgres')
  expect(await next()).toBe(43)
  await carryCounters(engine, unit, 'mongo')
  expect(await inMongo()).toBe(43)

  // The one that is ahead is left alone, whichever way it goes.
  await engine.pool.query("select setval('thing_index', 90)")
  await carryCounters(engine, unit, 'postgres')
  expect(await next()).toBe(91)
  await counters.updateOne({ _id: 'thing_index' }, { $set: { seq: 200 } })
  await carryCounters(engine, unit, 'mongo')
  expect(await inMongo()).toBe(200)
})

it('counts numbers that were given out past the counter', async () => {
  await using world = await engineWorld()
  const { engine } = world
  await engine.pool.query('create sequence thing_index')
  await engine.database
    .collection('things')
    .insertMany([{ place: { index: 500 } }, { place: { index: 7 } }, { place: { index: 'last' } }, {}])
  await engine.database.collection<{ _id: string }>('counters').insertOne({ _id: 'thing_index' })

  await carryCounters(engine, withUse, 'postgres')
  const { rows } = await engine.pool.query("select nextval('thing_index')::int as value")
  expect(rows[0]?.value).toBe(501)
})
