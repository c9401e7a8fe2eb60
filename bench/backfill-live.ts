import { setTimeout as sleep } from 'node:timers/promises'
import { payments } from '../apps/escrow/src/domains/payment/legacy/mapping.ts'
import { noteExpected } from '../packages/landbridge/src/backfill/backfill-progress.ts'
import { copyChunk } from '../packages/landbridge/src/backfill/copy-chunk.ts'
import { planChunks } from '../packages/landbridge/src/backfill/plan-chunks.ts'
import { oneTurnAtATime } from '../packages/landbridge/src/backfill/take-turn.ts'
import type { Engine } from '../packages/landbridge/src/engine.ts'
import { compileCopyEncoder } from '../packages/landbridge/src/mapping/compile/copy-encoder.ts'
import type { ChunkSource } from '../packages/landbridge/src/source/chunk-source.ts'
import { dumpSource } from '../packages/landbridge/src/source/dump/dump-source.ts'
import { openDumpCollection } from '../packages/landbridge/src/source/dump/open-dump.ts'
import { liveSource } from '../packages/landbridge/src/source/live-source.ts'
import type { Benchmark } from './benchmark.ts'
import { medianMs } from './median.ts'
import { writePayments } from './payment-dump.ts'
import { type PaymentWorld, paymentWorld } from './payment-world.ts'

const DOCUMENTS = 60_000
const ROUNDS = 3
/** As many chunks as a worker has in flight. */
const LANES = 2
const COMPARISONS = ['later', 'inline'] as const
const WANTED = 0.7
const LOOK_AGAIN_MS = 2

type Comparison = (typeof COMPARISONS)[number]
type From = 'files' | 'live'

/**
 * 60,000 payments into fully indexed tables by one worker, from the collection itself and from the files of a dump,
 * in turns, medians of three. The files' index is made before their time begins, so reading them costs nothing.
 *
 * - `files`: documents a second from the collection over those from files, whichever is worse of both ways.
 * - `filesLater`, `filesInline`: with the comparison left to verify, and with every row read back.
 */
export const backfillLiveBenchmark: Benchmark = {
  name: 'backfill-live',
  summary: 'the backfill from a live collection, over the one from files',
  async run(tell, options) {
    const count = options.documents ?? DOCUMENTS
    await using world = await paymentWorld()
    tell(`${count} payments into MongoDB and a dump`)
    await using filling = await world.freshRound()
    await using folder = await writePayments(filling.database, count)
    await using dump = await openDumpCollection(folder, payments.collection)
    // Nothing is brought to the present here, so its chunks are plain ones.
    const files: ChunkSource = { ...dumpSource(dump, 0n), dumpTime: undefined }
    const times: Record<Comparison, Record<From, number[]>> = {
      later: { files: [], live: [] },
      inline: { files: [], live: [] },
    }
    for (let round = 0; round < ROUNDS; round++) {
      for (const compare of COMPARISONS) {
        // Each comes first in turn: a machine that grows slower or faster favours neither.
        for (const from of round % 2 === 0 ? (['files', 'live'] as const) : (['live', 'files'] as const)) {
          tell(`round ${round + 1}: from ${from}, comparison ${compare}`)
          times[compare][from].push(
            await timeCopy(world, count, compare, from === 'files' ? files : undefined),
          )
        }
      }
    }
    const perSecond = (compare: Comparison, from: From) =>
      Math.round(count / (medianMs(times[compare][from]) / 1_000))
    const ratio = (compare: Comparison) =>
      Math.round((100 * perSecond(compare, 'live')) / perSecond(compare, 'files')) / 100
    const [filesLater, filesInline] = [ratio('later'), ratio('inline')]
    const worst = Math.min(filesLater, filesInline)
    return {
      figures: {
        documents: count,
        filesLaterPerSecond: perSecond('later', 'files'),
        liveLaterPerSecond: perSecond('later', 'live'),
        filesInlinePerSecond: perSecond('inline', 'files'),
        liveInlinePerSecond: perSecond('inline', 'live'),
      },
      ratios: { files: worst, filesLater, filesInline },
      ok: worst >= WANTED,
    }
  },
}

/** Milliseconds of a whole backfill, its plan included. */
async function timeCopy(
  world: PaymentWorld,
  count: number,
  compare: Comparison,
  files: ChunkSource | undefined,
): Promise<number> {
  await using engine = await world.freshRound()
  const source = files ?? liveSource(engine, payments.collection)
  const { unit, collection } = payments
  await noteExpected(engine.pool, { unit, collection, documents: count, restart: true, compare })
  const start = performance.now()
  await copyAll(engine, source)
  const ms = performance.now() - start
  const { rows } = await engine.pool.query('select count(*)::int as n from payments')
  if (rows[0]?.n !== count) throw new Error(`${rows[0]?.n} of ${count} payments were copied`)
  return ms
}

/** Chunks are copied as soon as they are planned, as `landbridge backfill` does. */
async function copyAll(engine: Engine, source: ChunkSource): Promise<void> {
  const queue: string[] = []
  let isPlanned = false
  const planning = planChunks(engine, payments, {
    source,
    onPlanned: (chunks) => {
      queue.push(...chunks)
    },
  }).finally(() => {
    isPlanned = true
  })
  const takeTurn = oneTurnAtATime()
  const lane = async () => {
    const encoder = compileCopyEncoder(payments)
    while (!isPlanned || queue.length > 0) {
      const chunk = queue.shift()
      if (chunk === undefined) await sleep(LOOK_AGAIN_MS)
      else
        await copyChunk(engine, payments, chunk, {
          encoder,
          isFirst: false,
          wait: true,
          source,
          takeTurn,
        })
    }
  }
  await Promise.all([planning, ...Array.from({ length: LANES }, lane)])
}
