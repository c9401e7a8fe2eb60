import { setTimeout as sleep } from 'node:timers/promises'
import { type Engine, unitOf } from '../engine.ts'
import { type CopyEncoder, compileCopyEncoder } from '../mapping/compile/copy-encoder.ts'
import type { Mapping } from '../mapping/types.ts'
import { mirrorToPostgres } from '../mirror/to-postgres.ts'
import { isWrongPhase } from '../target/applier-check.ts'
import { storeThrottle, type Throttle } from '../throttle/store-throttle.ts'
import { readThrottle } from '../throttle/throttle-settings.ts'
import { waitWhileThrottled } from '../throttle/wait-while-throttled.ts'
import { pendingChunkIds, readChunkProgress } from './chunk-store.ts'
import { copyChunk } from './copy-chunk.ts'
import { planChunks } from './plan-chunks.ts'

/** A chunk that failed for a passing reason is tried so often. */
const MAX_TRIES = 3
const BUSY_PAUSE_MS = 20
/** Workers beyond the number that is allowed now look again after this. */
const IDLE_PAUSE_MS = 250
const MAX_WORKERS = 16

export interface BackfillProgress {
  collection: string
  chunks: number
  done: number
  documents: number
  quarantined: number
  /** Why it waits at present; null while it copies. */
  throttledBy: string | null
}

export interface BackfillOptions {
  onProgress?: (progress: BackfillProgress) => void
  /** Forgets what was copied and begins anew. */
  restart?: boolean
  /** Only these collections of the unit. */
  collections?: readonly string[]
  signal?: AbortSignal
  /** Asked before each chunk, again and again until it is null; the health of both stores unless told otherwise. */
  throttle?: Throttle
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
 * Copies a unit's collections, chunk by chunk, `config.backfill.workers` at a time; goes on where an earlier call
 * stopped. Throws LB_WRONG_PHASE when the unit is not mirrored to Postgres.
 */
export async function backfill(
  engine: Engine,
  unit: string,
  options: BackfillOptions = {},
): Promise<BackfillReport> {
  const mappings = unitOf(engine, unit).mappings.filter(
    (mapping) => options.collections?.includes(mapping.collection) ?? true,
  )
  const collections: BackfilledCollection[] = []
  for (const mapping of mappings) {
    if (options.signal?.aborted === true) break
    collections.push(await backfillCollection(engine, mapping, options))
  }
  const complete =
    collections.length === mappings.length &&
    collections.every((each) => each.error === undefined) &&
    options.signal?.aborted !== true
  return { unit, collections, complete }
}

async function backfillCollection(
  engine: Engine,
  mapping: Mapping,
  options: BackfillOptions,
): Promise<BackfilledCollection> {
  let alreadyDone = false
  let error: unknown
  try {
    const taken = await copyAll(engine, mapping, options)
    alreadyDone = taken === 0
  } catch (cause) {
    if (isWrongPhase(cause)) throw cause
    engine.log.error(
      { err: cause, collection: mapping.collection },
      'the backfill of a collection has stopped',
    )
    error = cause
  }
  const { chunks, documents, quarantined } = await readChunkProgress(engine.pool, mapping.collection)
  return { collection: mapping.collection, chunks, documents, quarantined, alreadyDone, error }
}

/**
 * Several workers take chunks from one list; the first failure lets the others finish their chunk and stops. How many
 * of them work, and how fast, is asked again before each chunk.
 */
async function copyAll(engine: Engine, mapping: Mapping, options: BackfillOptions): Promise<number> {
  const stop = new AbortController()
  // What an interrupted call has left, unless it is to be forgotten; then what is planned meanwhile.
  const queue = options.restart === true ? [] : await pendingChunkIds(engine.pool, mapping.collection)
  const queued = new Set(queue)
  const plan = { isWhole: false }
  const planning = planChunks(engine, mapping, {
    restart: options.restart,
    signal: options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal]),
    onPlanned: (chunks) => {
      queue.push(...chunks.filter((chunk) => !queued.has(chunk)))
      for (const chunk of chunks) queued.add(chunk)
    },
  }).finally(() => {
    plan.isWhole = true
  })
  const throttled = { throttle: options.throttle ?? storeThrottle(engine), signal: options.signal }
  const isStopped = () => stop.signal.aborted || options.signal?.aborted === true
  /** Wakes the workers that are not needed, when the first one has found nothing left. */
  const idle = new AbortController()
  let first: string | undefined
  const work = async (index: number) => {
    let encoder: CopyEncoder | undefined
    while ((queue.length > 0 || !plan.isWhole) && !isStopped()) {
      if (queue.length === 0) {
        await sleep(BUSY_PAUSE_MS)
        continue
      }
      const { workers, documentsPerSecond } = await readThrottle(engine.pool)
      const allowed = workers ?? engine.config.backfill.workers
      if (index >= allowed) {
        if (idle.signal.aborted) return
        await sleep(IDLE_PAUSE_MS, undefined, { signal: idle.signal }).catch(ignoreAbort)
        continue
      }
      await waitWhileThrottled(throttled, (reason) => report(engine, mapping, options, reason))
      const chunk = isStopped() ? undefined : queue.shift()
      if (chunk === undefined) return
      const started = performance.now()
      first ??= chunk
      encoder ??= compileCopyEncoder(mapping)
      const copied = await copyWithPatience(engine, mapping, chunk, { encoder, readBackAll: chunk === first })
      if (copied.status === 'copied') {
        if (copied.rest !== undefined) queue.push(copied.rest)
        await mirrorGaps(engine, mapping, copied.gaps)
      }
      await report(engine, mapping, options, null)
      if (documentsPerSecond === null || copied.status !== 'copied') continue
      // The rate is for all workers together, so each has its share of it.
      const due = (copied.documents / documentsPerSecond) * 1_000 * allowed
      await sleep(Math.max(0, due - (performance.now() - started)), undefined, {
        signal: options.signal,
      }).catch(ignoreAbort)
    }
  }
  // Registered before anything is awaited: a plan that fails stops the workers.
  const planned = planning.then(
    () => undefined,
    (error: unknown) => {
      stop.abort()
      throw error
    },
  )
  const workers = Array.from({ length: MAX_WORKERS }, async (_, index) => {
    try {
      await work(index)
      idle.abort()
    } catch (error) {
      stop.abort()
      idle.abort()
      throw error
    }
  })
  const outcomes = await Promise.allSettled([planned, ...workers])
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return queued.size
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error
}

/** First without waiting, so that two processes that copy the same collection pass each other by. */
async function copyWithPatience(
  engine: Engine,
  mapping: Mapping,
  chunk: string,
  options: { encoder: CopyEncoder; readBackAll: boolean },
): ReturnType<typeof copyChunk> {
  for (let attempt = 1; ; attempt++) {
    try {
      const copied = await copyChunk(engine, mapping, chunk, { ...options, wait: attempt > 1 })
      if (copied.status !== 'busy') return copied
      await sleep(BUSY_PAUSE_MS)
    } catch (error) {
      if (attempt >= MAX_TRIES || isWrongPhase(error)) throw error
      engine.log.warn(
        { err: error, collection: mapping.collection, chunk, attempt },
        'a chunk is tried again',
      )
    }
  }
}

/** Unique values that clash are settled by mirroring the entities together; what stays is an open gap. */
async function mirrorGaps(engine: Engine, mapping: Mapping, rawIds: readonly unknown[]): Promise<void> {
  if (rawIds.length > 0) await mirrorToPostgres(engine, mapping, rawIds, { reason: 'backfill' })
}

async function report(
  engine: Engine,
  mapping: Mapping,
  options: BackfillOptions,
  throttledBy: string | null,
): Promise<void> {
  if (options.onProgress === undefined) return
  options.onProgress({ ...(await readChunkProgress(engine.pool, mapping.collection)), throttledBy })
}
