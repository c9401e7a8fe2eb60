import type { Catalog } from './catalog.ts'
import type { ClusterTime } from './cluster-clock.ts'
import type { Collection } from './collection.ts'
import type { History } from './history.ts'
import { decodeKept } from './kept-bytes.ts'
import { revertState, type StoredRecord } from './stored-record.ts'
import type { WriteOperation } from './write-unit.ts'

/**
 * Takes all documents back to the states that they had at a time, which the history must still hold. Nobody may have a
 * record locked.
 *
 * @returns what was done, as writes: a document that was there goes back to it, another one is gone.
 */
export function rollBack(catalog: Catalog, history: History, to: ClusterTime): WriteOperation[] {
  history.undoAfter(to)
  const writes: WriteOperation[] = []
  for (const collection of catalog.values()) {
    const newer = [...collection.records].filter(({ at }) => at > to)
    for (const record of newer) writes.push(revert(collection, record, to))
  }
  return writes
}

function revert(collection: Collection, record: StoredRecord, to: ClusterTime): WriteOperation {
  const before = record.document
  const { key } = record
  const undone = revertState(record, to)
  collection.countChange(before, record.document)
  for (const document of undone)
    if (document !== null && collection.indexes.size > 0) collection.release(record, decodeKept(document))
  collection.forgetIfEmpty(record)
  const raw = record.document
  return { collection, kind: raw === null ? 'delete' : 'replace', key, raw, before: null, description: null }
}
