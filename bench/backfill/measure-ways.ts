import { noteExpected } from '../../packages/landbridge/src/backfill/backfill-progress.ts'
import { buildIndexes } from '../../packages/landbridge/src/backfill/bulk/build-indexes.ts'
import { takeIndexesAway } from '../../packages/landbridge/src/backfill/bulk/take-indexes.ts'
import { planChunks } from '../../packages/landbridge/src/backfill/plan-chunks.ts'
import { uuidFromObjectId } from '../../packages/landbridge/src/identity/object-id-uuid.ts'
import { medianMs } from '../median.ts'
import type { WayRequest } from './bench-engine.ts'
import { fileSource, openBsonFile } from './bson-file.ts'
import { type CopyWorld, fillReferenced } from './copy-world.ts'
import { runWay, type WayRun } from './run-way.ts'

export const wayNames = ['drizzle', 'bulk', 'bulkCompared', 'floor', 'rangeOne', 'rangeTwo'] as const
export type WayName = (typeof wayNames)[number]

export interface MeasuredWays {
  /** Documents a second, medians. */
  rates: Record<WayName, number>
  /** The most that a worker of the engine held in memory. */
  rssMb: number
}

/** How the engine copies. */
interface Manner {
  bulk: boolean
  compare: 'inline' | 'later'
  workers: number
}

const manners: Partial<Record<WayName, Manner>> = {
  bulk: { bulk: true, compare: 'later', workers: 1 },
  bulkCompared: { bulk: true, compare: 'inline', workers: 1 },
  rangeOne: { bulk: false, compare: 'inline', workers: 1 },
  rangeTwo: { bulk: false, compare: 'inline', workers: 2 },
}

/** All ways in turns on the same documents, each into empty tables; throws if one leaves other rows than the rest. */
export async function measureWays(
  world: CopyWorld,
  options: { rounds: number; sample: number },
  tell: (step: string) => void,
): Promise<MeasuredWays> {
  const { collection } = world.mapping
  tell(`${collection}: a first copy, for what it refers to`)
  await copy(world, { bulk: false, compare: 'later', workers: 2 })
  await fillReferenced(world)
  const sampleEnd = await endOfSample(world, options.sample)
  const [whole, sample] = [await world.fingerprint(), await world.fingerprint(sampleEnd)]
  const runs = new Map<WayName, number[]>()
  let rssMb = 0
  for (let round = 1; round <= options.rounds; round++) {
    for (const way of wayNames) {
      await world.reset()
      const isSample = way === 'drizzle'
      const documents = isSample ? Math.min(options.sample, world.documents) : world.documents
      const run = await runOf(world, way, documents)
      if (manners[way] !== undefined) rssMb = Math.max(rssMb, run.rssMb)
      const rate = (documents / run.ms) * 1_000
      tell(`${collection}, round ${round}: ${way} ${Math.round(rate)}/s`)
      runs.set(way, [...(runs.get(way) ?? []), rate])
      if ((await world.fingerprint()) !== (isSample ? sample : whole))
        throw new Error(`${way} has left other rows or indexes than the first copy`)
    }
  }
  const rates = Object.fromEntries(wayNames.map((way) => [way, medianMs(runs.get(way) ?? [])]))
  return { rates: rates as Record<WayName, number>, rssMb }
}

function runOf(world: CopyWorld, way: WayName, documents: number): Promise<WayRun> {
  const manner = manners[way]
  if (manner !== undefined) return copy(world, manner)
  return runWay([request(world, way === 'drizzle' ? 'drizzle' : 'floor', documents, 0, 1)])
}

/** A backfill as the engine does it, from the taking of indexes to the last that is built. */
export async function copy(world: CopyWorld, { bulk, compare, workers }: Manner): Promise<WayRun> {
  const { engine, mapping } = world
  const file = openBsonFile(world.file)
  const requests = Array.from({ length: workers }, (_, worker) =>
    request(world, 'copy', world.documents, worker, workers),
  )
  try {
    return await runWay(requests, {
      async before() {
        const { unit, collection } = mapping
        const expected = { unit, collection, documents: world.documents, restart: true, compare }
        await noteExpected(engine.pool, expected)
        if (bulk && (await takeIndexesAway(engine, mapping)) === 0)
          throw new Error('No index was taken away: this would be no bulk mode')
        await planChunks(engine, mapping, { source: fileSource(file) })
      },
      after: () => buildIndexes(engine, { collection: mapping.collection }),
    })
  } finally {
    file.close()
  }
}

function request(
  { postgresUrl, mapping, file, folder }: CopyWorld,
  way: WayRequest['way'],
  documents: number,
  worker: number,
  workers: number,
): WayRequest {
  return { way, postgresUrl, collection: mapping.collection, file, folder, documents, worker, workers }
}

async function endOfSample(world: CopyWorld, sample: number): Promise<string> {
  const file = openBsonFile(world.file)
  const last = file.idAt(Math.min(sample, file.count) - 1)
  file.close()
  return uuidFromObjectId(last.toHexString())
}
