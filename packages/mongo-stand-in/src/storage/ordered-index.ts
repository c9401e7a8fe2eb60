import type { Document } from 'bson'
import { compareValues, equalValues } from '../bson/compare.ts'
import { type IndexDefinition, indexKeys, meetsArray } from './index-definition.ts'
import { keepValue } from './kept-value.ts'
import { type Place, SortedList } from './sorted-list.ts'
import type { StoredRecord } from './stored-record.ts'

/** One key of one record. Records with the same key stand in the order of their insertion. */
export interface IndexEntry {
  readonly key: readonly unknown[]
  readonly record: StoredRecord
}

/**
 * The records of a collection by one index's key. It leads to every state that some snapshot may still see, so who
 * reads through it looks at the document again.
 */
export class OrderedIndex {
  /** Replaced as a whole when collMod changes what the order does not depend on. */
  definition: IndexDefinition
  /**
   * Whether some document ever had an array on the way: then a range may name a record twice, two bounds may be met by
   * two elements, and the order is not the one of a sort.
   */
  multikey = false
  readonly #entries: SortedList<IndexEntry>

  constructor(definition: IndexDefinition) {
    this.definition = definition
    this.#entries = new SortedList((a, b) => this.#compare(a, b))
  }

  get size(): number {
    return this.#entries.size
  }

  add(record: StoredRecord, document: Document): void {
    const keys = indexKeys(this.definition, document)
    this.multikey ||= keys.length > 0 && meetsArray(this.definition, document)
    for (const key of keys) this.#entries.add({ key: key.map(keepValue), record })
  }

  /** Takes away the keys of a state that is gone, unless another state that is kept has them too. */
  release(record: StoredRecord, gone: Document, kept: readonly Document[]): void {
    const keysKept = kept.flatMap((document) => indexKeys(this.definition, document))
    for (const key of indexKeys(this.definition, gone)) {
      if (!keysKept.some((other) => this.sameKey(key, other))) this.#entries.delete({ key, record })
    }
  }

  /** The entries between two places, in the index's order or in reverse. */
  range(from: Place<IndexEntry>, to: Place<IndexEntry>, reverse = false): Generator<IndexEntry> {
    return this.#entries.range(from, to, reverse)
  }

  /** The entries whose first fields have exactly these values. */
  withKey(values: readonly unknown[]): Generator<IndexEntry> {
    const place = (entry: IndexEntry) => this.compareKeys(entry.key, values)
    return this.#entries.range(place, place)
  }

  sameKey(a: readonly unknown[], b: readonly unknown[]): boolean {
    return a.every((value, at) => equalValues(value, b[at], this.definition.collation))
  }

  /** Compares as many fields as the second key has, in the directions of the index. */
  compareKeys(a: readonly unknown[], b: readonly unknown[]): number {
    const { fields, collation } = this.definition
    for (let at = 0; at < b.length; at++) {
      const order = compareValues(a[at], b[at], collation)
      if (order !== 0) return fields[at]?.direction === -1 ? -order : order
    }
    return 0
  }

  #compare(a: IndexEntry, b: IndexEntry): number {
    return this.compareKeys(a.key, b.key) || a.record.number - b.record.number
  }
}
