import { Int32 } from 'bson'
import type { Collation } from '../bson/collation.ts'
import { compareIds, documentWithId } from './document-id.ts'
import { defineIndex, type IndexDefinition } from './index-definition.ts'
import type { KeptDocument } from './kept-bytes.ts'
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
    this.#records = new SortedList((a, b) => compareIds(a.key, b.key, collation))
  }

  get size(): number {
    return this.#records.size
  }

  find(id: unknown): StoredRecord | undefined {
    return this.findLike(documentWithId(id))
  }

  /** The record with the same `_id` as this document. */
  findLike(document: KeptDocument): StoredRecord | undefined {
    const { collation } = this.definition
    return this.#records.find((record) => compareIds(record.key, document, collation))
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
