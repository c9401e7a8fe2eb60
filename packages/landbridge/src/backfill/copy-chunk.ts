import type { PoolClient } from 'pg'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import type { UnitRow } from '../fence/unit-row.ts'
import type { CopyEncoder } from '../mapping/compile/copy-encoder.ts'
import type { Mapping } from '../mapping/types.ts'
import { noteGaps } from '../mirror/gaps.ts'
import { targetsOf } from '../mirror/mirror-target.ts'
import type { SourceState } from '../mirror/source-state.ts'
import { settleQuarantine } from '../mirror/write-states.ts'
import { quarantinedIds, takeOutOfQuarantine } from '../quarantine/quarantine.ts'
import type { ChunkSource } from '../source/chunk-source.ts'
import { idFromBytes, idKey } from '../source/id-key.ts'
import { liveSource } from '../source/live-source.ts'
import type { SourceDocument } from '../source/read-documents.ts'
import { lockForApplying } from '../target/applier-check.ts'
import { deleteEntities } from '../target/entities.ts'
import { keepIgnoredColumns } from '../target/ignored-columns.ts'
import { inTransaction } from '../target/transaction.ts'
import { type ChunkBounds, isInBounds } from './chunk-bounds.ts'
import { lockChunk, tryLockChunk } from './chunk-locks.ts'
import { readChunk, recordChunk } from './chunk-store.ts'
import { copyAppendOnly } from './copy-append-only.ts'
import { type ChunkDocument, type LoadResult, loadDocuments } from './load-documents.ts'
import { chunkLimits } from './plan-chunks.ts'
import { cutChunk } from './plan-store.ts'
import { countRange, deleteRange, rangeFilter } from './range-rows.ts'
import { readBack, sampleOf } from './read-back.ts'
import { losersTouching } from './touched-losers.ts'

const LOCK_WAIT_MS = 10_000
/** So many wrong documents in one chunk are a fault of the encoding, not of a document. */
const MAX_READ_BACK_FAULTS = 10
/** After the first chunk every so many documents are read back; all rows are counted, and verify compares all. */
const SAMPLE_STEP = 20

export interface CopyOptions {
  encoder: CopyEncoder
  /** Reads every document back, not a sample. */
  readBackAll: boolean
  /** Waits for the chunk's lock; otherwise a chunk in use is answered `busy`. */
  wait: boolean
  /** The live collection unless told otherwise. */
  source?: ChunkSource
}

export type CopiedChunk =
  | { status: 'busy' | 'already-done' }
  | {
      status: 'copied'
      documents: number
      bytes: number
      quarantined: number
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
  return inTransaction(engine.pool, { applier: true, lockTimeoutMs: LOCK_WAIT_MS }, async (tx) => {
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
    const loaded = mapping.appendOnly
      ? await copyAppendOnly(engine, tx, mapping, unit, bounds, documents, options.encoder)
      : await replaceRange(tx, mapping, bounds, documents, options)
    await compareCopied(tx, mapping, documents, loaded, options.readBackAll)
    await settleRange(tx, mapping, unit, bounds, loaded)
    const gaps = await noteChunkGaps(tx, mapping, bounds, loaded)
    const quarantined = loaded.refused.size
    const rows = [...loaded.rows.values()].reduce((sum, count) => sum + count, 0)
    const bytes = documents.reduce((sum, document) => sum + document.raw.length, 0)
    const counts = { documents: documents.length, bytes, quarantined }
    await recordChunk(tx, chunkId, { ...counts, rows, epoch: unit.epoch })
    return { status: 'copied', ...counts, gaps, rest }
  })
}

async function chunkDocuments(
  engine: Engine,
  mapping: Mapping,
  documents: readonly SourceDocument[],
): Promise<ChunkDocument[]> {
  const raws = new Map(documents.map(({ id, raw }) => [idKey(id), raw]))
  const ids = documents.map(({ id }) => id)
  const targets = await targetsOf(engine, mapping, ids)
  return targets.map((target) => ({ target, raw: raws.get(target.key) ?? new Uint8Array() }))
}

async function replaceRange(
  tx: PoolClient,
  mapping: Mapping,
  bounds: ChunkBounds,
  documents: readonly ChunkDocument[],
  options: CopyOptions,
): Promise<LoadResult> {
  const filter = await rangeFilter(tx, mapping, bounds)
  if (filter === undefined) return loadDocuments(tx, mapping, options.encoder, documents)
  const restore = await keepIgnoredColumns(tx, mapping, filter)
  await deleteRange(tx, mapping, filter)
  const loaded = await loadDocuments(tx, mapping, options.encoder, documents)
  await restore()
  for (const table of mapping.tables) {
    const [sent, there] = [loaded.rows.get(table.name) ?? 0, await countRange(tx, table, filter)]
    if (sent !== there)
      throw encodingFault(mapping, `${table.name}: ${sent} rows were sent, ${there} are there`)
  }
  return loaded
}

/**
 * A few documents that do not come back are taken out again and wait in quarantine, because one document must not
 * stop a collection; many are a fault of the encoder, and the chunk fails.
 */
async function compareCopied(
  tx: PoolClient,
  mapping: Mapping,
  documents: readonly ChunkDocument[],
  loaded: LoadResult,
  all: boolean,
): Promise<void> {
  const copied = documents.filter(
    ({ target }) => !loaded.refused.has(target.key) && !loaded.clashing.has(target.key),
  )
  const faults = await readBack(tx, mapping, all ? copied : sampleOf(copied, SAMPLE_STEP))
  const places = faults.map((fault) => fault.differences[0]?.path ?? '')
  if (faults.length > MAX_READ_BACK_FAULTS) {
    throw encodingFault(
      mapping,
      `${faults.length} documents came back different, the first at "${places[0]}"`,
    )
  }
  const ids = faults.flatMap((fault) => fault.document.target.entity ?? [])
  if (!mapping.appendOnly) await deleteEntities(tx, mapping, ids)
  for (const [i, { document }] of faults.entries()) {
    loaded.refused.set(document.target.key, {
      kind: 'refused',
      target: document.target,
      raw: document.raw,
      refusal: {
        path: places[i] ?? '',
        code: 'read-back',
        reason: 'its rows, read back, do not give the document again: a fault of the mapping',
        valueType: 'document',
      },
    })
  }
}

function encodingFault(mapping: Mapping, what: string): LandbridgeError {
  return new LandbridgeError(
    errorCodes.mapping,
    `a chunk of "${mapping.collection}" did not come back as it was sent and was not committed: ${what}. The mapping or its encoder is wrong; run its laws on this document`,
    { detail: { collection: mapping.collection } },
  )
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
  await settleQuarantine(tx, mapping, { unit, quarantined: [] }, refused)
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
