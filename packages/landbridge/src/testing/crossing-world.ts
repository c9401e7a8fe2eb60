import { setTimeout as sleep } from 'node:timers/promises'
import { Decimal128, ObjectId } from 'mongodb'
import { backfill } from '../backfill/backfill.ts'
import type { LandbridgeOptions } from '../config.ts'
import { isPassing } from '../errors.ts'
import { changePhase } from '../fence/change-phase.ts'
import { readUnitRow, type UnitRow } from '../fence/unit-row.ts'
import { readCollections } from '../fence/validator.ts'
import { uuidFromObjectId } from '../identity/object-id-uuid.ts'
import { type Node, startNode } from '../nodes/start-node.ts'
import type { Phase } from '../phase.ts'
import { type EngineWorld, engineWorld } from './engine-world.ts'
import { sampleUnit } from './sample-unit.ts'

/** Both stores with the sample unit on its way, and a node of another process that captures and relays. */
export interface CrossingWorld extends EngineWorld {
  node: Node
  /** Ids of the things that were there at the beginning. */
  ids: ObjectId[]
  row(): Promise<UnitRow>
  /** Which of the unit's collections refuse writes. */
  closed(): Promise<boolean[]>
  /** The stores that take a write of the application now: it must never be two. */
  writable(): Promise<{ mongo: boolean; postgres: boolean }>
  to(phase: Phase): Promise<void>
}

export async function crossingWorld(
  options: { phase?: Phase; things?: number } & Pick<LandbridgeOptions, 'timing'> = {},
): Promise<CrossingWorld> {
  const world = await engineWorld({ timing: options.timing })
  const { engine } = world
  const ids = Array.from({ length: options.things ?? 10 }, () => new ObjectId())
  await engine.database.collection('things').insertMany(
    ids.map((_id, at) => ({
      _id,
      name: `thing ${at}`,
      price: Decimal128.fromString('1.50'),
      parts: [{ label: 'leg', quantity: 4 }],
      secret: 'only here',
    })),
  )
  const process = await world.another('node')
  const node = await startNode(process, { duties: { capture: true, relay: true, reconcile: true } })
  const to = async (phase: Phase) => {
    await changePhase(engine, { unit: 'sample', to: phase, actor: 'test' })
  }
  /** The way to where a test begins: a busy machine may keep the stream behind for a moment. */
  const arrive = async (phase: Phase) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await to(phase)
      } catch (error) {
        if (!isPassing(error) || attempt === 10) throw error
        await sleep(500)
      }
    }
  }
  const wanted = options.phase ?? 'shadow'
  if (wanted !== 'mongo') await arrive('mirror')
  if (wanted !== 'mongo') await backfill(engine, 'sample')
  if (wanted === 'shadow' || wanted === 'postgres') await arrive('shadow')
  if (wanted === 'postgres') await arrive('postgres')
  return {
    ...world,
    node,
    ids,
    row: () => readUnitRow(engine.pool, 'sample'),
    closed: async () => (await readCollections(engine, sampleUnit)).map((collection) => collection.closed),
    writable: async () => ({
      mongo: await accepts(() =>
        engine.database.collection('notes').insertOne({ body: 'written in MongoDB' }),
      ),
      postgres: await accepts(() => {
        const _id = new ObjectId()
        return engine.pool.query('insert into notes (id, legacy_object_id, body) values ($1, $2, $3)', [
          uuidFromObjectId(_id),
          _id.toHexString(),
          'written in Postgres',
        ])
      }),
    }),
    to,
    [Symbol.asyncDispose]: async () => {
      await node.stop()
      await world[Symbol.asyncDispose]()
    },
  }
}

async function accepts(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write()
    return true
  } catch {
    return false
  }
}
