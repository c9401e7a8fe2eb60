import type { PoolClient } from 'pg'
import type { Engine } from '../engine.ts'
import type { UnitRow } from '../fence/unit-row.ts'
import type { CopyEncoder } from '../mapping/compile/copy-encoder.ts'
import type { Mapping } from '../mapping/types.ts'
import { writeAppendOnly } from '../mirror/append-only.ts'
import { legacyIdsOf, targetsOf } from '../mirror/mirror-target.ts'
import { mapRaw, type SourceState } from '../mirror/source-state.ts'
import type { ChunkBounds } from './chunk-bounds.ts'
import type { ChunkDocument } from './chunk-documents.ts'
import { encodeDocuments, type LoadResult, sendDocuments } from './load-documents.ts'
import { idsInRange, rangeFilter } from './range-rows.ts'

/**
 * A chunk of an append-only collection: entries that are missing are copied, those that are there are compared,
 * nothing is deleted. The chunk's lock keeps mirrors out of the range, so what is missing cannot arrive meanwhile
 * and COPY needs no staging table.
 */
export async function copyAppendOnly(
  engine: Engine,
  tx: PoolClient,
  mapping: Mapping,
  unit: UnitRow,
  bounds: ChunkBounds,
  documents: readonly ChunkDocument[],
  encoder: CopyEncoder,
  isOld: boolean,
): Promise<LoadResult> {
  const filter = await rangeFilter(tx, mapping, bounds)
  const present = new Set(filter === undefined ? [] : await idsInRange(tx, mapping, filter))
  const isPresent = ({ target }: ChunkDocument) => target.entity !== undefined && present.has(target.entity)
  const missing = documents.filter((document) => !isPresent(document))
  const loaded = await sendDocuments(tx, await encodeDocuments(mapping, encoder, missing))
  // What an old source lacks, or has otherwise, has been written since: the present decides about that.
  if (isOld) return loaded
  const copied = documents.filter(isPresent).map((document) => mapRaw(mapping, document.target, document.raw))
  await writeAppendOnly(tx, mapping, { unit, quarantined: [] }, [
    ...copied,
    ...(await vanished(engine, mapping, present, documents)),
  ])
  return loaded
}

/** Entries that were copied once and that MongoDB no longer holds. */
async function vanished(
  engine: Engine,
  mapping: Mapping,
  present: ReadonlySet<string>,
  documents: readonly ChunkDocument[],
): Promise<SourceState[]> {
  const held = new Set(documents.map((document) => document.target.entity))
  const gone = [...present].filter((id) => !held.has(id))
  const targets = await targetsOf(engine, mapping, await legacyIdsOf(engine, mapping, gone))
  return targets.map((target) => ({ kind: 'absent', target }))
}
