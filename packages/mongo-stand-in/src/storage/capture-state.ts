import type { Catalog } from './catalog.ts'
import type { CheckpointEntry } from './checkpoint-entry.ts'
import { toTimestamp } from './cluster-clock.ts'
import type { Collection } from './collection.ts'
import { bytesOf, lengthOf } from './kept-bytes.ts'
import { FORMAT } from './log-entry.ts'
import type { SessionState } from './retry-records.ts'
import { visibleDocument } from './stored-record.ts'
import type { WriteUnit } from './write-unit.ts'

/** A slice ends after so many bytes, or so many records of which the snapshot may see none. */
const SLICE_BYTES = 256 * 1024
const SLICE_RECORDS = 5000

/**
 * The committed state at the unit's snapshot, which must be the present when this is called. Catalog and sessions are
 * taken at once; documents are read while the entries are asked for, as the unit keeps their versions.
 */
export function captureState(
  catalog: Catalog,
  unit: WriteUnit,
  sessions: readonly SessionState[],
): Iterable<CheckpointEntry> {
  const collections = [...catalog.values()].map((source) => ({
    source,
    last: source.lastNumber,
    collection: {
      ns: source.ns,
      uuid: source.uuid,
      options: source.options,
      indexes: [...source.indexes.values()].map(({ definition }) => definition.spec),
      changedAt: toTimestamp(source.changedAt),
    },
  }))
  return entries()

  function* entries(): Generator<CheckpointEntry> {
    yield { kind: 'checkpoint', format: FORMAT, time: toTimestamp(unit.snapshot) }
    for (const session of sessions) yield { kind: 'session', session }
    for (const { source, last, collection } of collections) {
      yield { kind: 'collection', collection }
      yield* documentSlices(source, unit, last)
    }
    yield { kind: 'end' }
  }
}

/**
 * Between two slices the collection may change: each begins anew behind the record before it. Nothing behind `last` was
 * there at the snapshot, and to follow what is being inserted might never end.
 */
function* documentSlices(
  collection: Collection,
  { snapshot }: WriteUnit,
  last: number,
): Generator<CheckpointEntry> {
  let at = 0
  for (;;) {
    const documents: Uint8Array[] = []
    let bytes = 0
    let records = 0
    for (const record of collection.recordsAfter(at, last)) {
      at = record.number
      records++
      const document = visibleDocument(record, { at: snapshot })
      if (document !== null) {
        documents.push(bytesOf(document))
        bytes += lengthOf(document)
      }
      if (bytes >= SLICE_BYTES || records >= SLICE_RECORDS) break
    }
    if (records === 0) return
    yield { kind: 'documents', documents }
  }
}
