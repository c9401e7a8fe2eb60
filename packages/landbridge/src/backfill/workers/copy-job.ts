import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '../../engine.ts'
import type { CopyEncoder } from '../../mapping/compile/copy-encoder.ts'
import { compileCopyEncoder } from '../../mapping/compile/copy-encoder.ts'
import type { Mapping } from '../../mapping/types.ts'
import { mirrorToPostgres } from '../../mirror/to-postgres.ts'
import { isWrongPhase } from '../../target/applier-check.ts'
import { isBusy } from '../../target/sql-state.ts'
import { failChunk, isGivenUp } from '../chunk-store.ts'
import { type CopiedChunk, type CopyOptions, copyChunk } from '../copy-chunk.ts'
import { oneTurnAtATime } from '../take-turn.ts'
import { enqueueChunks } from './chunk-jobs.ts'
import { isStoreAway } from './store-away.ts'

/** A chunk that failed for a passing reason is tried so often. */
const MAX_TRIES = 3
const BUSY_PAUSE_MS = 20
const AWAY_PAUSE_MS = 1_000

export interface ChunkToCopy {
  chunk: string
  mapping: Mapping
  first: boolean
}

export type CopyOutcome =
  | { status: 'copied'; documents: number; bytes: number }
  /** Done by somebody else, held by somebody else, or not wanted any more: nothing to record. */
  | { status: 'left' }
  | { status: 'failed'; error: unknown }

/** Copies chunks one after the other or two at once; keeps the encoders, because compiling one costs time. */
export function chunkCopier(engine: Engine): (job: ChunkToCopy) => Promise<CopyOutcome> {
  const idle = new Map<Mapping, CopyEncoder[]>()
  // While one chunk is written, the next is read and encoded.
  const takeTurn = oneTurnAtATime()
  return async (job) => {
    const encoders = idle.get(job.mapping) ?? []
    idle.set(job.mapping, encoders)
    // An encoder has buffers of its own and serves one chunk at a time.
    const encoder = encoders.pop() ?? compileCopyEncoder(job.mapping)
    try {
      return await copyOrRecord(engine, job, { encoder, takeTurn })
    } finally {
      encoders.push(encoder)
    }
  }
}

type Lane = Pick<CopyOptions, 'encoder' | 'takeTurn'>

async function copyOrRecord(engine: Engine, job: ChunkToCopy, lane: Lane): Promise<CopyOutcome> {
  try {
    if (await isGivenUp(engine.pool, job.mapping.collection)) return { status: 'left' }
    const copied = await copyWithPatience(engine, job, lane)
    if (copied.status !== 'copied') return { status: 'left' }
    // What was cut off is a chunk of its own, and somebody may take it at once.
    if (copied.rest !== undefined) await enqueueChunks(engine.pool, [job.mapping.unit])
    await mirrorGaps(engine, job.mapping, copied.gaps)
    return { status: 'copied', documents: copied.documents, bytes: copied.bytes }
  } catch (error) {
    // A unit that has changed its phase copies nothing more; a chunk that somebody holds comes back into the queue.
    if (isWrongPhase(error) || isBusy(error)) return { status: 'left' }
    if (isStoreAway(error)) {
      engine.log.warn({ err: error, chunk: job.chunk }, 'a store does not answer; the chunk is copied later')
      await sleep(AWAY_PAUSE_MS)
      return { status: 'left' }
    }
    engine.log.error(
      { err: error, collection: job.mapping.collection, chunk: job.chunk },
      'a chunk could not be copied',
    )
    await failChunk(engine.pool, job.chunk, error)
    return { status: 'failed', error }
  }
}

/** First without waiting, so that two who copy the same chunk pass each other by. */
async function copyWithPatience(
  engine: Engine,
  { mapping, chunk, first }: ChunkToCopy,
  lane: Lane,
): Promise<CopiedChunk> {
  for (let attempt = 1; ; attempt++) {
    try {
      const options = { ...lane, isFirst: first, wait: attempt > 1 }
      const copied = await copyChunk(engine, mapping, chunk, options)
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
  if (rawIds.length === 0) return
  try {
    await mirrorToPostgres(engine, mapping, rawIds, { reason: 'backfill' })
  } catch (error) {
    if (isWrongPhase(error)) return
    // The chunk is committed and its gaps are noted: reconcile works them off.
    engine.log.warn({ err: error, collection: mapping.collection }, 'gaps of a chunk wait for reconcile')
  }
}
