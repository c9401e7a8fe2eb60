import type { Engine } from '../engine.ts'
import type { Mapping } from '../mapping/types.ts'
import type { Direction } from '../phase.ts'
import { storeThrottle, type Throttle } from '../throttle/store-throttle.ts'
import { waitWhileThrottled } from '../throttle/wait-while-throttled.ts'
import { readTransactionHorizon } from './changed-rows.ts'
import { type Changes, compareChanges } from './compare-changes.ts'
import { countBoth, type StoreCounts } from './count-both.ts'
import { countDiffering, type DifferenceGroup, reportedGroups } from './difference-store.ts'
import { noteCompared } from './note-compared.ts'
import { repairReported } from './repair.ts'
import { recheckUnseen, settleDifferences } from './settle-differences.ts'
import { findOpenRun, finishRun, type RunStart, saveRun, startRun, type VerifyRun } from './verify-run.ts'
import { walkCollection } from './walk-collection.ts'

export interface VerifyProgress {
  collection: string
  compared: number
  /** Documents to compare, as far as known when the run began. */
  total: number
  /** Entities that differ at present, those in flight included. */
  differing: number
  throttledBy: string | null
}

export interface VerifiedCollection {
  collection: string
  /** `changes`: only what has changed in either store since the run before. */
  kind: 'full' | 'changes'
  /** Null if the collection could not be read to its end. */
  counts: StoreCounts | null
  compared: number
  /** Entities with a reported difference, after the repair if there was one. */
  differing: number
  groups: DifferenceGroup[]
  repaired: number
  /** "Verified up to": a cluster time; null if the run was interrupted. */
  watermark: bigint | null
  /** What stopped this collection; its neighbours go on. */
  error: unknown
}

export interface CollectionOptions {
  direction: Direction
  epoch: bigint
  start: RunStart
  /** What has changed since the run before; undefined: everything is compared. */
  changes?: Changes
  repair?: boolean
  restart?: boolean
  graceMs?: number
  throttle?: Throttle
  batchSize?: number
  signal?: AbortSignal
  onProgress?: (progress: VerifyProgress) => void
}

/** Compares one collection; what stops it is part of the answer. */
export async function verifyCollection(
  engine: Engine,
  mapping: Mapping,
  options: CollectionOptions,
): Promise<VerifiedCollection> {
  const { collection } = mapping
  let walked: Walked = { kind: 'full', compared: 0, watermark: null }
  let repaired = 0
  let counts: StoreCounts | null = null
  let error: unknown
  try {
    walked = await walk(engine, mapping, options)
    if (options.repair === true) repaired = await repairReported(engine, mapping, options.direction)
    counts = await countBoth(engine, mapping)
    if (walked.kind === 'changes' && walked.watermark !== null && !(await agree(engine, mapping, counts))) {
      // A row that vanished behind everybody's back is named by nothing but the count.
      engine.log.warn({ collection, counts }, 'the stores count differently: everything is compared')
      const start = { ...options.start, horizon: await readTransactionHorizon(engine) }
      walked = await walk(engine, mapping, { ...options, start, changes: undefined })
      if (options.repair === true) repaired += await repairReported(engine, mapping, options.direction)
      counts = await countBoth(engine, mapping)
    }
  } catch (cause) {
    engine.log.error({ err: cause, collection }, 'the verification of a collection has stopped')
    error = cause
  }
  const differing = await countDiffering(engine.pool, collection)
  const groups = differing.reported === 0 ? [] : await reportedGroups(engine.pool, collection)
  return { collection, counts, ...walked, differing: differing.reported, groups, repaired, error }
}

interface Walked {
  kind: 'full' | 'changes'
  compared: number
  watermark: bigint | null
}

async function walk(engine: Engine, mapping: Mapping, options: CollectionOptions): Promise<Walked> {
  const { collection } = mapping
  const { changes, signal } = options
  const kind = changes === undefined ? 'full' : 'changes'
  const run = await openRun(engine, mapping, options)
  const total =
    changes?.documents.size ?? (await engine.database.collection(collection).estimatedDocumentCount())
  const throttle = options.throttle ?? storeThrottle(engine, mapping.unit)
  let compared = run.compared
  const batches =
    changes === undefined
      ? walkCollection(engine, mapping, {
          resumeAfter: run.resumeAfter,
          afterClusterTime: run.watermark,
          batchSize: options.batchSize,
        })
      : compareChanges(engine, mapping, changes, run.watermark)
  for await (const batch of batches) {
    await waitWhileThrottled({ throttle, signal }, (throttledBy) => {
      options.onProgress?.({ collection, compared, total, differing: 0, throttledBy })
    })
    await noteCompared(engine, mapping, batch.whole)
    compared += batch.entities
    await saveRun(engine.pool, {
      id: run.id,
      compared,
      resumeAfter: 'last' in batch ? batch.last : undefined,
    })
    if (options.onProgress !== undefined) {
      const { all: differing } = await countDiffering(engine.pool, collection)
      options.onProgress({ collection, compared, total, differing, throttledBy: null })
    }
    if (signal?.aborted === true) return { kind, compared, watermark: null }
  }
  await recheckUnseen(engine, mapping, run.startedAt)
  const graceMs = options.graceMs ?? engine.config.timing.verifyGraceMs
  const settled = await settleDifferences(engine, mapping, { graceMs, signal })
  if (!settled) return { kind, compared, watermark: null }
  await finishRun(engine.pool, run.id)
  return { kind, compared, watermark: run.watermark }
}

async function openRun(engine: Engine, mapping: Mapping, options: CollectionOptions): Promise<VerifyRun> {
  const { changes, restart, epoch, start } = options
  const open =
    restart === true || changes !== undefined
      ? undefined
      : await findOpenRun(engine.pool, mapping.collection, epoch)
  const kind = changes === undefined ? 'full' : 'changes'
  return open ?? startRun(engine.pool, { ...start, mapping, epoch, kind })
}

const TRIES = 3

/** Whether both stores count the same; a write in flight gets a moment. */
async function agree(engine: Engine, mapping: Mapping, first: StoreCounts): Promise<boolean> {
  let counts = first
  for (let i = 0; !counts.equal && i < TRIES; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** i))
    counts = await countBoth(engine, mapping)
  }
  return counts.equal
}
