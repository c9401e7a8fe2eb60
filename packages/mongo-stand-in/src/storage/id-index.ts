import { Int32 } from 'bson'
import type { Collation } from '../bson/collation.ts'
import { compareValues } from '../bson/compare.ts'
import { defineIndex, type IndexDefinition } from './index-definition.ts'
import { type Place, SortedList } from './sorted-list.ts'
import type { StoredRecord } from './stored-record.ts'

export const ID_INDEX_NAME = '_id_'

/** The records of a collection by `_id`. Holds the records themselves: a key of its own would double the memory. */
export class IdIndex {
  readonly definition: IndexDefinition
  readonly #records: SortedList<StoredRecord>

  constructor(collation: Collation | undefined) {
    const spec = { v: new Int32(2), key: { _id: new Int32(1) }, name: ID_INDEX_NAME }
    this.definition = defineIndex(collation === undefined ? spec : { ...spec, collation: collation.spec })
    this.#records = new SortedList((a, b) => compareValues(a.id, b.id, collation))
  }

  get size(): number {
    return this.#records.size
  }

  find(id: unknown): StoredRecord | undefined {
    const place = (record: StoredRecord) => compareValues(record.id, id, this.definition.collation)
    for (const record of this.#records.range(place, place)) return record
    return undefined
  }

  add(record: StoredRecord): void {
    this.#records.add(record)
  }

  delete(record: StoredRecord): void {
    this.#records.delete(record)
  }

  range(from: Place<StoredRecord>, to: Place<StoredRecord>, reverse = false): Generator<StoredRecord> {
    return this.#records.range(from, to, reverse)
  }
}
