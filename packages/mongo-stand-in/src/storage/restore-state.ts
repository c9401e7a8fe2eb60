import { applyCatalogChange, type Catalog } from './catalog.ts'
import type { CheckpointEntry, CollectionState } from './checkpoint-entry.ts'
import { type ClusterTime, fromTimestamp } from './cluster-clock.ts'
import type { Collection } from './collection.ts'
import { decodeKept, keepDocument } from './kept-bytes.ts'
import type { RetryRecords } from './retry-records.ts'
import { commitState } from './stored-record.ts'

/** Builds the state up from a checkpoint, entry by entry, in an empty catalog. */
export function createStateRestorer(
  catalog: Catalog,
  retryRecords: RetryRecords,
): (entry: CheckpointEntry) => void {
  let time: ClusterTime = 0n
  let collection: Collection | undefined
  return (entry) => {
    switch (entry.kind) {
      case 'checkpoint':
        time = fromTimestamp(entry.time)
        break
      case 'session':
        retryRecords.restore(entry.session)
        break
      case 'collection':
        collection = restoreCollection(catalog, entry.collection)
        break
      case 'documents':
        if (collection === undefined) throw new Error('The checkpoint has documents before any collection')
        for (const raw of entry.documents) restoreDocument(collection, raw, time)
        break
      case 'end':
        break
    }
  }
}

function restoreCollection(
  catalog: Catalog,
  { ns, uuid, options, indexes, changedAt }: CollectionState,
): Collection | undefined {
  const time = fromTimestamp(changedAt)
  applyCatalogChange(catalog, 'create', ns, { uuid, options }, time)
  if (indexes.length > 0) applyCatalogChange(catalog, 'createIndexes', ns, { indexes }, time)
  return catalog.get(ns)
}

function restoreDocument(collection: Collection, raw: Uint8Array, at: ClusterTime): void {
  const document = keepDocument(raw)
  const record = collection.recordFor(document)
  commitState(record, document, at)
  collection.countChange(null, document)
  if (collection.indexes.size > 0) collection.index(record, decodeKept(document))
}
