import { setTimeout as sleep } from 'node:timers/promises'
import type { PoolClient } from 'pg'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import type { Mapping } from '../mapping/types.ts'
import type { ChunkLimits, ChunkSource } from '../source/chunk-source.ts'
import { idBrackets } from '../source/id-order.ts'
import { liveSource } from '../source/live-source.ts'
import { lockForApplying } from '../target/applier-check.ts'
import { inTransaction } from '../target/transaction.ts'
import type { ChunkBounds } from './chunk-bounds.ts'
import { pendingChunkIds } from './chunk-store.ts'
import { emptyAppendOnly } from './empty-append-only.ts'
import {
  advancePlan,
  countChunks,
  holdsNoRows,
  insertChunks,
  insertPlans,
  nextPlan,
  takeOver,
} from './plan-store.ts'

/** A worker holds a chunk's documents and their rows twice over, so this bounds its memory too. */
const CHUNK_BYTES = 16 * 1024 * 1024
const MAX_TRIES = 3
const PAUSE_MS = 50
/** A few chunks first, so that copying can begin; then more and more at a step. */
const [FIRST_STEP, GROWTH, LARGEST_STEP] = [4, 4, 64]

export interface PlanOptions {
  /** Forgets what has been copied and plans anew. */
  restart?: boolean
  /** The live collection unless told otherwise. */
  source?: ChunkSource
  /**
   * Hears of all chunks that are to be copied: first of those that an earlier call has left, then of new ones, as soon
   * as they are committed and before the plan is whole.
   */
  onPlanned?: (chunkIds: string[]) => void | Promise<void>
  signal?: AbortSignal
}

/**
 * Cuts a collection into ranges of `_id`, open at both ends, one or more for every bracket of BSON types that
 * occurs (ObjectIds always), step by step, so that the first chunk is copied before the plan of a huge collection is
 * whole. Plans once: a collection that has chunks keeps them, and a plan that was interrupted goes on. Must run after
 * the unit's capture is on, or a document that is written before its range exists could be missed (A18).
 * Throws LB_WRONG_PHASE, and LB_STEP_NOT_ALLOWED when no capture has ever stored a position.
 */
export async function planChunks(
  engine: Engine,
  mapping: Mapping,
  options: PlanOptions = {},
): Promise<{ planned: boolean; chunks: number }> {
  const source = options.source ?? liveSource(engine, mapping.collection)
  await beginPlan(engine, mapping, options.restart === true, source.dumpTime)
  // What an interrupted call has left.
  const left = await pendingChunkIds(engine.pool, mapping.collection)
  if (left.length > 0) await options.onPlanned?.(left)
  let planned = false
  for (let step = FIRST_STEP; options.signal?.aborted !== true; ) {
    const { ids, isWhole } = await withPatience(() => planStep(engine, mapping, source, step))
    if (ids.length > 0) {
      planned = true
      await options.onPlanned?.(ids)
    }
    if (isWhole) break
    step = Math.min(LARGEST_STEP, step * GROWTH)
  }
  return { planned, chunks: await countChunks(engine.pool, mapping.collection) }
}

/** A step that failed for a passing reason has left nothing behind. */
async function withPatience<T>(step: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step()
    } catch (error) {
      if (attempt >= MAX_TRIES || error instanceof LandbridgeError) throw error
      await sleep(PAUSE_MS * attempt)
    }
  }
}

/** How large the chunks of this configuration may be. */
export function chunkLimits({ config }: Engine): ChunkLimits {
  return { documents: config.backfill.chunkSize, bytes: config.backfill.chunkBytes ?? CHUNK_BYTES }
}

/** Lays out the whole order of ids as ranges that are to be cut, unless a plan exists. */
async function beginPlan(
  engine: Engine,
  mapping: Mapping,
  restart: boolean,
  dumpTime: bigint | undefined,
): Promise<void> {
  await inPlan(engine, mapping, async (tx, epoch) => {
    await requireCapture(tx)
    if (!restart) await takeOver(tx, mapping.collection, dumpTime)
    if (!restart && (await countChunks(tx, mapping.collection)) > 0) return
    if (restart) {
      await tx.query('delete from landbridge.chunk where collection = $1', [mapping.collection])
      if (mapping.appendOnly) await emptyAppendOnly(tx, mapping)
    }
    await insertPlans(tx, mapping, epoch, idBrackets, dumpTime)
  })
}

/** Cuts up to `count` chunks off what is not planned yet. */
async function planStep(
  engine: Engine,
  mapping: Mapping,
  source: ChunkSource,
  count: number,
): Promise<{ ids: string[]; isWhole: boolean }> {
  return inPlan(engine, mapping, async (tx, epoch) => {
    let plan = await nextPlan(tx, mapping.collection)
    const ids: string[] = []
    while (plan !== undefined && ids.length < count) {
      const { bounds } = plan
      const { cuts, end, empty } = await source.cuts(bounds, chunkLimits(engine), count - ids.length)
      ids.push(...(await insertChunks(tx, mapping, epoch, source.dumpTime, rangesBelow(bounds, cuts))))
      const needsNone = empty && bounds.bracket !== 'objectId' && (await holdsNoRows(tx, mapping, bounds))
      await advancePlan(tx, plan, { lower: cuts.at(-1) ?? bounds.lower, becomes: fate(end, needsNone) })
      if (end && !needsNone) ids.push(plan.id)
      plan = await nextPlan(tx, mapping.collection)
    }
    return { ids, isWhole: plan === undefined }
  })
}

function fate(end: boolean, needsNone: boolean): 'planning' | 'pending' | 'gone' {
  if (!end) return 'planning'
  return needsNone ? 'gone' : 'pending'
}

/** The ranges that the cuts make, each from the one before; what lies behind the last cut is not among them. */
function rangesBelow({ bracket, lower }: ChunkBounds, cuts: readonly unknown[]): ChunkBounds[] {
  return cuts.map((upper, at) => ({ bracket, lower: at === 0 ? lower : cuts[at - 1], upper }))
}

/** Two operators may plan at once: each step sees what the other has planned. */
async function inPlan<T>(
  engine: Engine,
  mapping: Mapping,
  work: (tx: PoolClient, epoch: bigint) => Promise<T>,
): Promise<T> {
  return inTransaction(engine.pool, { applier: true }, async (tx) => {
    const unit = await lockForApplying(tx, mapping.unit, 'to-postgres')
    await tx.query("select pg_advisory_xact_lock(hashtextextended('landbridge:plan:' || $1, 0))", [
      mapping.collection,
    ])
    return work(tx, unit.epoch)
  })
}

async function requireCapture(tx: PoolClient): Promise<void> {
  const { rowCount } = await tx.query('select from landbridge.position limit 1')
  if (rowCount === 0) {
    throw new LandbridgeError(
      errorCodes.stepNotAllowed,
      'the change stream has not stored a position yet: start a node with the duty "capture" first, then plan the backfill',
    )
  }
}
