import type { Catalog } from './catalog.ts'
import type { ClusterTime } from './cluster-clock.ts'
import { documentWithId } from './document-id.ts'
import { bytesOf, decodeKept, keepDocument } from './kept-bytes.ts'
import type { LoggedWrite } from './log-entry.ts'
import { commitState } from './stored-record.ts'
import type { ToldWrite } from './write-changes.ts'
import type { WriteOperation } from './write-unit.ts'

/** Does a write of the file again, and returns it as it was done. */
export function replayWrite(catalog: Catalog, write: LoggedWrite, time: ClusterTime): WriteOperation {
  const collection = catalog.get(write.ns)
  if (collection === undefined) throw new Error(`The log writes to ${write.ns}, which does not exist`)
  const raw = write.raw === null ? null : keepDocument(write.raw)
  const before = write.before === null ? null : keepDocument(write.before)
  const record = collection.recordFor(raw ?? documentWithId(write.id))
  const gone = record.document
  commitState(record, raw, time)
  // Nobody reads at a time before the start.
  record.previous = undefined
  collection.countChange(gone, raw)
  if (collection.indexes.size > 0) {
    if (raw !== null) collection.index(record, decodeKept(raw))
    if (gone !== null) collection.release(record, decodeKept(gone))
  }
  collection.forgetIfEmpty(record)
  const { kind, description } = write
  return { collection, kind, key: record.key, raw, before, description }
}

/**
 * Reads what change streams tell of writes that the checkpoint already has. Writes to one collection share what names
 * it, as live ones do.
 */
export function createHistoryReader(): (write: LoggedWrite) => ToldWrite {
  const collections = new Map<string, ToldWrite['collection']>()
  return ({ ns, uuid, kind, id, raw, before, description }) => {
    const key = `${uuid.toString('hex')} ${ns}`
    const collection = collections.get(key) ?? { ns, uuid }
    collections.set(key, collection)
    const state = raw === null ? null : keepDocument(raw)
    return {
      collection,
      kind,
      key: state ?? keepDocument(bytesOf(documentWithId(id))),
      raw: state,
      before: before === null ? null : keepDocument(before),
      description,
    }
  }
}
