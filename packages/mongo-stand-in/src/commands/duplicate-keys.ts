import type { Collection } from '../storage/collection.ts'
import { idOf } from '../storage/document-id.ts'
import type { IndexDefinition } from '../storage/index-definition.ts'
import { decodeKept } from '../storage/kept-bytes.ts'
import { OrderedIndex } from '../storage/ordered-index.ts'
import { pairedKeys } from '../storage/paired-keys.ts'
import { SortedList } from '../storage/sorted-list.ts'
import { LATEST, type StoredRecord, visibleDocument } from '../storage/stored-record.ts'

interface KeyHolder {
  readonly key: unknown[]
  readonly record: StoredRecord
}

/** Keys of the index that a second document has too, with the `_id` of both, one document after another. */
export function* duplicates(
  collection: Collection,
  definition: IndexDefinition,
): Generator<{ key: unknown[]; ids: [unknown, unknown] }> {
  const order = new OrderedIndex(definition)
  const seen = new SortedList<KeyHolder>((a, b) => order.compareKeys(a.key, b.key))
  for (const record of collection.records) {
    const kept = visibleDocument(record, LATEST)
    if (kept === null) continue
    const keys = new SortedList<unknown[]>((a, b) => order.compareKeys(a, b))
    // One document may hold a key twice; two documents may not.
    for (const key of pairedKeys(definition, decodeKept(kept))) keys.add(key)
    for (const key of keys) {
      if (seen.add({ key, record })) continue
      const place = (holder: KeyHolder) => order.compareKeys(holder.key, key)
      const [first] = seen.range(place, place)
      if (first !== undefined) yield { key, ids: [idOf(first.record.key), idOf(record.key)] }
    }
  }
}
