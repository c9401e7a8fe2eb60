import { setTimeout as sleep } from 'node:timers/promises'
import type { ObjectId } from 'mongodb'
import { expect, it } from 'vitest'
import type { Engine } from '../engine.ts'
import { uuidFromObjectId } from '../identity/object-id-uuid.ts'
import { crossingWorld } from '../testing/crossing-world.ts'
import { changePhase } from './change-phase.ts'

interface Writers {
  /** Stops and answers the last value of each thing that a store has acknowledged. */
  stop(): Promise<Map<string, number>>
}

/**
 * One writer a thing, whose transaction stays open for a while; each writes wherever the unit's writes are taken and
 * remembers what was acknowledged. A refused write is tried again, as the router does.
 */
function startWriters(engine: Engine, ids: readonly ObjectId[], holdMs: number): Writers {
  const acknowledged = new Map<string, number>()
  let stopped = false
  async function write(id: ObjectId): Promise<void> {
    let [first, second] = [inMongo, inPostgres]
    for (let value = 1; !stopped; value++) {
      if (await first(engine, id, value, holdMs)) {
        acknowledged.set(id.toHexString(), value)
      } else {
        ;[first, second] = [second, first]
        await sleep(50)
      }
    }
  }
  const all = Promise.all(ids.map(write))
  return {
    stop: async () => {
      stopped = true
      await all
      return acknowledged
    },
  }
}

async function inMongo(engine: Engine, id: ObjectId, value: number, holdMs: number): Promise<boolean> {
  try {
    await engine.database
      .collection('things')
      .updateOne({ _id: id }, { $set: { parts: [{ quantity: value }] } })
    await sleep(holdMs)
    return true
  } catch {
    return false
  }
}

async function inPostgres(engine: Engine, id: ObjectId, value: number, holdMs: number): Promise<boolean> {
  const client = await engine.pool.connect()
  try {
    await client.query('begin')
    await client.query('update thing_parts set quantity = $2 where thing_id = $1', [
      uuidFromObjectId(id),
      value,
    ])
    await sleep(holdMs)
    await client.query('commit')
    return true
  } catch {
    await client.query('rollback')
    return false
  } finally {
    client.release()
  }
}

it('16 writers neither starve the fence nor lose an acknowledged write, there and back (A8)', async () => {
  await using world = await crossingWorld({
    things: 16,
    timing: { pauseBudgetMs: 4_000, fenceDeadlineMs: 15_000 },
  })
  const { engine, ids } = world
  const writing = await world.another('application')
  const writers = startWriters(writing, ids, 40)
  const roundTrip = async () => {
    await sleep(300)
    const forth = await changePhase(engine, { unit: 'sample', to: 'postgres', actor: 'test' })
    await sleep(500)
    const back = await changePhase(engine, { unit: 'sample', to: 'shadow', actor: 'test' })
    await sleep(300)
    return [forth, back]
  }
  const changes = await roundTrip().finally(() => writers.stop())
  const acknowledged = await writers.stop()

  // Share locks alone kept the fence out for 2 to 5 s with as many writers.
  const opening = changes.flatMap((change) => change.steps.filter((time) => time.step === 'open'))
  for (const time of opening) expect(time.ms).toBeLessThan(1_500)
  expect(acknowledged.size).toBe(16)
  for (const id of ids) {
    const thing = await engine.database.collection('things').findOne({ _id: id })
    expect(Number(thing?.parts[0].quantity), id.toHexString()).toBe(acknowledged.get(id.toHexString()))
  }
})
