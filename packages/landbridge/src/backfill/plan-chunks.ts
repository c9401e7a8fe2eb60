import type { PoolClient } from 'pg'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import type { Mapping } from '../mapping/types.ts'
import { idBrackets, splittableBrackets, typeFilter } from '../source/id-order.ts'
import { lockForApplying } from '../target/applier-check.ts'
import { inTransaction } from '../target/transaction.ts'
import { boundToBytes, type ChunkBounds } from './chunk-bounds.ts'
import { emptyAppendOnly } from './empty-append-only.ts'

export interface PlanOptions {
  /** Forgets what has been copied and plans anew. */
  restart?: boolean
}

/**
 * Cuts a collection into ranges of `_id`, open at both ends, one or more for every bracket of BSON types that
 * occurs (ObjectIds always). Plans once: a collection that has chunks keeps them. Must run after the unit's capture
 * is on, or a document that is written before its range exists could be missed (A18).
 * Throws LB_WRONG_PHASE, and LB_STEP_NOT_ALLOWED when no capture has ever stored a position.
 */
export async function planChunks(
  engine: Engine,
  mapping: Mapping,
  options: PlanOptions = {},
): Promise<{ planned: boolean; chunks: number }> {
  return inTransaction(engine.pool, { applier: true }, async (tx) => {
    const unit = await lockForApplying(tx, mapping.unit, 'to-postgres')
    // Two operators may call at once: the second waits and finds the plan.
    await tx.query("select pg_advisory_xact_lock(hashtextextended('landbridge:plan:' || $1, 0))", [
      mapping.collection,
    ])
    await requireCapture(tx)
    const existing = await countChunks(tx, mapping.collection)
    if (existing > 0 && options.restart !== true) return { planned: false, chunks: existing }
    if (options.restart === true) {
      await tx.query('delete from landbridge.chunk where collection = $1', [mapping.collection])
      if (mapping.appendOnly) await emptyAppendOnly(tx, mapping)
    }
    const ranges = await findRanges(engine, mapping.collection, engine.config.backfill.chunkSize)
    await insertChunks(tx, mapping, unit.epoch, ranges)
    return { planned: true, chunks: ranges.length }
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

async function countChunks(tx: PoolClient, collection: string): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    "select count(*)::int as n from landbridge.chunk where collection = $1 and status <> 'split'",
    [collection],
  )
  return rows[0]?.n ?? 0
}

async function insertChunks(
  tx: PoolClient,
  mapping: Mapping,
  epoch: bigint,
  ranges: readonly ChunkBounds[],
): Promise<void> {
  await tx.query(
    `insert into landbridge.chunk (unit, collection, bson_type, lower_bound, upper_bound, epoch)
     select $1, $2, range.bracket, range.lower, range.upper, $3
     from unnest($4::text[], $5::bytea[], $6::bytea[]) as range (bracket, lower, upper)`,
    [
      mapping.unit,
      mapping.collection,
      epoch,
      ranges.map((range) => range.bracket),
      ranges.map((range) => boundToBytes(range.lower)),
      ranges.map((range) => boundToBytes(range.upper)),
    ],
  )
}

/** Reads the index of `_id` once, a chunk's length at a step. */
export async function findRanges(
  engine: Engine,
  collection: string,
  chunkSize: number,
): Promise<ChunkBounds[]> {
  const ranges: ChunkBounds[] = []
  for (const bracket of idBrackets) {
    const ofBracket = { _id: typeFilter(bracket) }
    if (bracket !== 'objectId' && (await firstId(engine, collection, ofBracket, 0)) === undefined) continue
    let lower: unknown
    if (splittableBrackets.has(bracket)) {
      for (;;) {
        const filter = lower === undefined ? ofBracket : { _id: { $gte: lower } }
        const next = await firstId(engine, collection, filter, chunkSize)
        if (next === undefined) break
        ranges.push({ bracket, lower, upper: next })
        lower = next
      }
    }
    ranges.push({ bracket, lower })
  }
  return ranges
}

async function firstId(
  engine: Engine,
  collection: string,
  filter: Record<string, unknown>,
  skip: number,
): Promise<unknown> {
  const [document] = await engine.database
    .collection(collection)
    .find(filter, {
      projection: { _id: 1 },
      sort: { _id: 1 },
      skip,
      limit: 1,
      promoteValues: false,
      readPreference: 'primary',
    })
    .toArray()
  return document?._id
}
