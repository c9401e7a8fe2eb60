import type { PoolClient } from 'pg'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import type { UnitRow } from '../fence/unit-row.ts'
import type { CopyEncoder } from '../mapping/compile/copy-encoder.ts'
import type { Mapping } from '../mapping/types.ts'
import { noteGaps } from '../mirror/gaps.ts'
import type { SourceState } from '../mirror/source-state.ts'
import { settleQuarantine } from '../mirror/write-states.ts'
import { quarantinedIds, takeOutOfQuarantine } from '../quarantine/quarantine.ts'
import type { ChunkSource } from '../source/chunk-source.ts'
import { idFromBytes } from '../source/id-key.ts'
import { liveSource } from '../source/live-source.ts'
import { lockForApplying } from '../target/applier-check.ts'
import { keepIgnoredColumns, type RowFilter } from '../target/ignored-columns.ts'
import { inTransaction } from '../target/transaction.ts'
import { type ChunkBounds, isInBounds } from './chunk-bounds.ts'
import { chunkDocuments } from './chunk-documents.ts'
import { lockChunk, tryLockChunk } from './chunk-locks.ts'
import { readChunk, recordChunk } from './chunk-store.ts'
import { compareCopied } from './compare-copied.ts'
import { copyAppendOnly } from './copy-append-only.ts'
import { type EncodedDocuments, encodeDocuments, type LoadResult, sendDocuments } from './load-documents.ts'
import { chunkLimits } from './plan-chunks.ts'
import { cutChunk, recordDumpedChunk } from './plan-store.ts'
import { deletesOfRange, rangeFilter } from './range-rows.ts'
import type { TakeTurn } from './take-turn.ts'
import { losersTouching } from './touched-losers.ts'

const LOCK_WAIT_MS = 10_000

export interface CopyOptions {
  encoder: CopyEncoder
  /** The first chunk of its collection: more of it is read back. */
  isFirst: boolean
  /** Waits for the chunk's lock; otherwise a chunk in use is answered `busy`. */
  wait: boolean
  /** The live collection unless told otherwise. */
  source?: ChunkSource
  /** Whose turn it is to write among the chunks that a worker has in flight; answers how to end it. */
  takeTurn?: TakeTurn
}

export type CopiedChunk =
  | { status: 'busy' | 'already-done' }
  | {
      status: 'copied'
      documents: number
      bytes: number
      quarantined: number
      /** Documents for which the compiled plan was not enough. */
      general: number
      /** Ids to be mirrored next, outside of the chunk's lock: unique values that clash, and who waits for one. */
      gaps: unknown[]
      /** A chunk that was cut off because this one was too large. */
      rest: string | undefined
    }

/**
 * Copies one chunk. The order is the protocol: the unit's phase under its lock (A6), the chunk's lock, a marker, and
 * only then the read (A10), so that an old version cannot overwrite a new one and a deleted document cannot come
 * back. The range is deleted and copied whole, read back and compared; chunk row and rows commit together.
 */
export async function copyChunk(
  engine: Engine,
  mapping: Mapping,
  chunkId: string,
  options: CopyOptions,
): Promise<CopiedChunk> {
  let endTurn: (() => void) | undefined
  const settings = { applier: true, lockTimeoutMs: LOCK_WAIT_MS }
  const copying = inTransaction<CopiedChunk>(engine.pool, settings, async (tx) => {
    const unit = await lockForApplying(tx, mapping.unit, 'to-postgres')
    if (options.wait) await lockChunk(tx, chunkId)
    else if (!(await tryLockChunk(tx, chunkId))) return { status: 'busy' }
    const chunk = await readChunk(tx, chunkId)
    if (chunk?.status !== 'pending') return { status: 'already-done' }

    const source = options.source ?? liveSource(engine, mapping.collection)
    const read = await source.read(chunk.bounds, chunkLimits(engine), `chunk ${chunkId}`)
    const rest = read.cutAt === undefined ? undefined : await cutChunk(tx, chunkId, read.cutAt)
    const bounds = read.cutAt === undefined ? chunk.bounds : { ...chunk.bounds, upper: read.cutAt }
    const documents = await chunkDocuments(engine, mapping, read.documents)
    const filter = await rangeFilter(tx, mapping, bounds)
    const encoded = mapping.appendOnly
      ? undefined
      : await encodeDocuments(mapping, options.encoder, documents)
    // All that was done so far went on beside the writing of the chunk before; two at once would only be in each other's way.
    endTurn = await options.takeTurn?.()
    const loaded =
      encoded === undefined
        ? await copyAppendOnly(
            engine,
            tx,
            mapping,
            unit,
            bounds,
            documents,
            options.encoder,
            source.dumpTime !== undefined,
          )
        : await replaceRange(tx, mapping, filter, encoded)
    const compare = options.isFirst ? 'first' : chunk.compare
    await compareCopied(tx, mapping, { documents, loaded, filter, compare, encoder: options.encoder })
    await settleRange(tx, mapping, unit, bounds, loaded)
    const gaps = await noteChunkGaps(tx, mapping, bounds, loaded)
    const quarantined = loaded.refused.size
    const rows = [...loaded.rows.values()].reduce((sum, count) => sum + count, 0)
    const bytes = documents.reduce((sum, document) => sum + document.raw.length, 0)
    const counts = { documents: documents.length, bytes, quarantined }
    await record(tx, chunkId, source.dumpTime, { ...counts, rows, epoch: unit.epoch })
    return { status: 'copied', ...counts, general: loaded.general, gaps, rest }
  })
  // The turn ends with the transaction, also with one that has failed.
  return copying.finally(() => endTurn?.())
}

async function record(
  tx: PoolClient,
  chunkId: string,
  dumpTime: bigint | undefined,
  copied: Parameters<typeof recordChunk>[2],
): Promise<void> {
  if (dumpTime === undefined) return recordChunk(tx, chunkId, copied)
  if (await recordDumpedChunk(tx, chunkId, { ...copied, dumpTime })) return
  throw new LandbridgeError(
    errorCodes.stepNotAllowed,
    'another backfill has taken this collection over, from the live collection or from another dump; this one stops',
  )
}

async function replaceRange(
  tx: PoolClient,
  mapping: Mapping,
  filter: RowFilter | undefined,
  encoded: EncodedDocuments,
): Promise<LoadResult> {
  if (filter === undefined) return sendDocuments(tx, encoded)
  const restore = await keepIgnoredColumns(tx, mapping, filter)
  const loaded = await sendDocuments(tx, encoded, deletesOfRange(mapping, filter))
  await restore()
  return loaded
}

/** Quarantine of the range becomes exactly what was refused now. */
async function settleRange(
  tx: PoolClient,
  mapping: Mapping,
  unit: UnitRow,
  bounds: ChunkBounds,
  loaded: LoadResult,
): Promise<void> {
  const refused: SourceState[] = [...loaded.refused.values()]
  if (refused.length > 0) await settleQuarantine(tx, mapping, { unit, quarantined: [] }, refused)
  const still = new Set(refused.map((state) => state.target.legacyId.toString('base64')))
  const gone = (await quarantinedIds(tx, mapping.collection)).filter(
    (legacyId) => !still.has(legacyId.toString('base64')) && isInBounds(idFromBytes(legacyId), bounds),
  )
  await takeOutOfQuarantine(tx, mapping.collection, gone)
}

async function noteChunkGaps(
  tx: PoolClient,
  mapping: Mapping,
  bounds: ChunkBounds,
  loaded: LoadResult,
): Promise<unknown[]> {
  const clashing = [...loaded.clashing.values()].map((document) => document.target.legacyId)
  const losers = await losersTouching(tx, mapping.collection, bounds)
  const legacyIds = [...new Map([...clashing, ...losers].map((id) => [id.toString('base64'), id])).values()]
  await noteGaps(
    tx,
    legacyIds.map((legacyId) => ({
      unit: mapping.unit,
      collection: mapping.collection,
      legacyId,
      code: 'unique',
      detail: 'its unique value was taken when its chunk was copied',
    })),
  )
  return legacyIds.map(idFromBytes)
}
