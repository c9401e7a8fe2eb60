import { randomUUID } from 'node:crypto'
import { type Engine, unitOf } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import type { Mapping } from '../mapping/types.ts'
import { isWrongPhase } from '../target/applier-check.ts'
import type { Throttle } from '../throttle/store-throttle.ts'
import { type CollectionProgress, noteExpected, readCollectionProgress } from './backfill-progress.ts'
import { buildIndexes } from './bulk/build-indexes.ts'
import { isBulk, takeIndexesAway } from './bulk/take-indexes.ts'
import { firstFailure, forgetFailures } from './chunk-store.ts'
import { planChunks } from './plan-chunks.ts'
import { type BackfillProgress, watchBackfill } from './watch-backfill.ts'
import { enqueueChunks } from './workers/chunk-jobs.ts'
import { startChunkWorker } from './workers/chunk-worker.ts'
import { prepareJobQueue } from './workers/job-queue.ts'
import { type StartWorker, superviseWorkers } from './workers/supervise-workers.ts'
import { withdrawJobs } from './workers/withdraw-jobs.ts'

/** A worker of this call looks for work so often: a throttle that ends should be noticed soon. */
const POLL_MS = 250

export interface BackfillOptions {
  onProgress?: (progress: BackfillProgress) => void
  /** Forgets what was copied and begins anew. */
  restart?: boolean
  /**
   * `inline` (unless told otherwise): every row is read back and compared before its chunk commits. `later` leaves it
   * to verify, but for the first chunk and a sample.
   */
  compare?: 'inline' | 'later'
  /**
   * Unless this is false, the indexes of empty tables are taken away while a large collection is copied, and built
   * when it is (bulk mode).
   */
  bulk?: boolean
  /** Only these collections of the unit. */
  collections?: readonly string[]
  /** Lets the chunks that are being copied finish and ends; other workers go on. */
  signal?: AbortSignal
  /** Asked before each chunk, again and again until it is null; the health of both stores unless told otherwise. */
  throttle?: Throttle
  /** Workers on this machine, this process included; `config.backfill.workers` unless told otherwise. */
  workers?: number
  /** Starts one more process that copies. Without it this process is the only worker here. */
  startWorker?: StartWorker
}

export interface BackfilledCollection {
  collection: string
  chunks: number
  documents: number
  quarantined: number
  /** True when everything had been copied before: this call changed nothing. */
  alreadyDone: boolean
  /** What stopped this collection; its neighbours go on. */
  error: unknown
}

export interface BackfillReport {
  unit: string
  collections: BackfilledCollection[]
  /** False if it was interrupted or a collection failed: call again to go on where it stopped. */
  complete: boolean
}

/**
 * Copies a unit's collections: plans their chunks, puts them into the queue that workers on all machines share, works
 * on it, and returns when nothing of the unit is left to copy. Goes on where an earlier call stopped.
 * Throws LB_WRONG_PHASE when the unit is not mirrored to Postgres, or is no more.
 */
export async function backfill(
  engine: Engine,
  unit: string,
  options: BackfillOptions = {},
): Promise<BackfillReport> {
  const mappings = unitOf(engine, unit).mappings.filter(
    (mapping) => options.collections?.includes(mapping.collection) ?? true,
  )
  const plans = new Map<string, Planned>()
  const planning = planAll(engine, mappings, options, plans)
  // Whoever watches hears of it; until then nobody listens.
  planning.catch(() => undefined)
  const errors = await copyPlanned(engine, unit, mappings, planning, options)
  await planning
  // An interrupted call leaves this to the next one, as it leaves chunks.
  const unbuilt =
    options.signal?.aborted === true ? new Map<string, unknown>() : await buildAll(engine, mappings)
  const progress = await readCollectionProgress(engine.pool, unit)
  const collections: BackfilledCollection[] = []
  for (const { collection } of mappings) {
    const plan = plans.get(collection)
    if (plan === undefined) continue
    const found = progress.find((each) => each.collection === collection)
    collections.push({
      ...(await describeCollection(engine, collection, found, errors)),
      alreadyDone: plan.alreadyDone,
      ...(plan.error === undefined ? {} : { error: plan.error }),
      ...(unbuilt.has(collection) ? { error: unbuilt.get(collection) } : {}),
    })
  }
  const complete =
    collections.length === mappings.length &&
    collections.every((each) => each.error === undefined) &&
    progress.every((each) => !plans.has(each.collection) || each.done === each.chunks)
  return { unit, collections, complete }
}

interface Planned {
  alreadyDone: boolean
  error?: unknown
}

/** Plans one collection after the other, while workers copy those that are planned. */
async function planAll(
  engine: Engine,
  mappings: readonly Mapping[],
  options: BackfillOptions,
  plans: Map<string, Planned>,
): Promise<void> {
  for (const mapping of mappings) {
    if (options.signal?.aborted === true) return
    plans.set(mapping.collection, await planCollection(engine, mapping, options))
  }
}

async function planCollection(engine: Engine, mapping: Mapping, options: BackfillOptions): Promise<Planned> {
  const { collection, unit } = mapping
  const restart = options.restart === true
  try {
    if (restart) await withdrawJobs(engine, collection, options.signal)
    else await forgetFailures(engine.pool, collection)
    if (options.signal?.aborted === true) return { alreadyDone: false }
    await prepareJobQueue(engine.pool, engine.log)
    const documents = await engine.database.collection(collection).estimatedDocumentCount()
    const compare = options.compare ?? 'inline'
    await noteExpected(engine.pool, { unit, collection, documents, restart, compare })
    if (isBulk(engine, documents, options.bulk)) await takeIndexesAway(engine, mapping)
    let planned = 0
    await planChunks(engine, mapping, {
      restart,
      signal: options.signal,
      async onPlanned(chunks) {
        planned += chunks.length
        await enqueueChunks(engine.pool, [unit])
      },
    })
    return { alreadyDone: planned === 0 }
  } catch (error) {
    if (isWrongPhase(error)) throw error
    engine.log.error({ err: error, collection }, 'the backfill of a collection could not be planned')
    return { alreadyDone: false, error }
  }
}

/** Builds what bulk mode has taken away; answers what went wrong, by collection. */
async function buildAll(engine: Engine, mappings: readonly Mapping[]): Promise<Map<string, unknown>> {
  const failed = new Map<string, unknown>()
  for (const { collection } of mappings) {
    try {
      await buildIndexes(engine, { collection })
    } catch (error) {
      engine.log.error({ err: error, collection }, 'indexes could not be built; the next call tries again')
      failed.set(collection, error)
    }
  }
  return failed
}

/** Works until nothing is left; answers what failed in this process, by chunk. */
async function copyPlanned(
  engine: Engine,
  unit: string,
  mappings: readonly Mapping[],
  planning: Promise<void>,
  options: BackfillOptions,
): Promise<Map<string, unknown>> {
  const errors = new Map<string, unknown>()
  const id = randomUUID()
  const watch = watchBackfill(engine, unit, {
    worker: id,
    collections: mappings.map((mapping) => mapping.collection),
    planning,
    signal: options.signal,
    onProgress: options.onProgress,
  })
  if (!(await watch.hasWork())) return errors
  const worker = await startChunkWorker(engine, {
    id,
    units: [unit],
    pollMs: POLL_MS,
    signal: options.signal,
    throttle: options.throttle,
    onThrottled: (reasons) => watch.noteHere(reasons[unit] ?? null),
    onChunk({ chunk, outcome }) {
      if (outcome.status === 'failed') errors.set(chunk, outcome.error)
      watch.wake()
    },
  })
  const supervisor =
    options.startWorker === undefined
      ? undefined
      : superviseWorkers(engine, unit, {
          workers: options.workers ?? engine.config.backfill.workers,
          startWorker: options.startWorker,
        })
  try {
    await watch.untilDone()
  } finally {
    await Promise.all([worker.stop(), supervisor?.stop()])
  }
  await watch.report()
  return errors
}

async function describeCollection(
  engine: Engine,
  collection: string,
  progress: CollectionProgress | undefined,
  errors: ReadonlyMap<string, unknown>,
): Promise<Omit<BackfilledCollection, 'alreadyDone'>> {
  const { chunks = 0, documents = 0, quarantined = 0, failed = 0 } = progress ?? {}
  const counts = { collection, chunks, documents, quarantined }
  const failure = failed === 0 ? undefined : await firstFailure(engine.pool, collection)
  if (failure === undefined) return { ...counts, error: undefined }
  const error =
    errors.get(failure.chunk) ??
    new LandbridgeError(
      errorCodes.mapping,
      `chunk ${failure.chunk} failed on another worker: ${failure.error}`,
    )
  return { ...counts, error }
}
