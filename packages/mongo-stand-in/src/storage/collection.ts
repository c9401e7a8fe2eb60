import { type Document, UUID } from 'bson'
import type { Collation } from '../bson/collation.ts'
import { collationFrom } from '../bson/compare.ts'
import { type CompiledQuery, compileQuery } from '../query/compile-query.ts'
import type { ClusterTime } from './cluster-clock.ts'
import { IdIndex } from './id-index.ts'
import type { IndexDefinition } from './index-definition.ts'
import { decodeKept, type KeptDocument, lengthOf } from './kept-bytes.ts'
import { OrderedIndex } from './ordered-index.ts'
import { SortedList } from './sorted-list.ts'
import { isEmpty, isSettled, newRecord, reachableDocuments, type StoredRecord } from './stored-record.ts'

/** The documents of one namespace with their indexes. Knows nothing of commands, logs or sessions. */
export class Collection {
  ns: string
  readonly uuid: UUID
  options: Document
  readonly collation: Collation | undefined
  /** When the catalog last changed here: a transaction with an older snapshot may not use the collection. */
  changedAt: ClusterTime
  /** In the order in which they came, as a scan without an index returns them. */
  readonly records = new SortedList<StoredRecord>((a, b) => a.number - b.number)
  readonly ids: IdIndex
  readonly indexes = new Map<string, OrderedIndex>()
  /** Documents and their bytes in the newest committed state. */
  count = 0
  bytes = 0
  #lastNumber = 0
  #validator: CompiledQuery | undefined

  constructor(ns: string, uuid: UUID, options: Document, changedAt: ClusterTime) {
    this.ns = ns
    this.uuid = uuid
    this.options = options
    this.collation = collationFrom(options.collation)
    this.changedAt = changedAt
    this.ids = new IdIndex(this.collation)
    this.#validator = compileValidator(options.validator)
  }

  static create(ns: string, options: Document, changedAt: ClusterTime): Collection {
    return new Collection(ns, new UUID(), options, changedAt)
  }

  /** Changes options as collMod does. The new validator counts from now on; documents that are there stay. */
  setOptions(options: Document): void {
    this.#validator = compileValidator(options.validator)
    this.options = options
  }

  get keepsImages(): boolean {
    return this.options.changeStreamPreAndPostImages?.enabled === true
  }

  /** The validator to hold new states against; undefined if there is none or it only warns. */
  get validator(): CompiledQuery | undefined {
    const { validationLevel, validationAction } = this.options
    return validationLevel === 'off' || validationAction === 'warn' ? undefined : this.#validator
  }

  /**
   * The record with the `_id` of a document: the one that is there, or a new one without any state yet. A new one reads
   * its `_id` from this document until it gets a state, so the caller stages one or calls {@link forgetIfEmpty}.
   */
  recordFor(document: KeptDocument): StoredRecord {
    const known = this.ids.findLike(document)
    if (known !== undefined) return known
    const record = newRecord(++this.#lastNumber, document)
    this.ids.add(record)
    this.records.add(record)
    return record
  }

  /** Makes every index lead to this state of the record. */
  index(record: StoredRecord, document: Document): void {
    for (const index of this.indexes.values()) index.add(record, document)
  }

  /** Makes the indexes forget a state that nobody can see any more. */
  release(record: StoredRecord, gone: Document): void {
    if (this.indexes.size === 0) return
    const kept = reachableDocuments(record)
    for (const index of this.indexes.values()) index.release(record, gone, kept)
  }

  /** Removes a record that has no state left. */
  forgetIfEmpty(record: StoredRecord): void {
    if (!isEmpty(record)) return
    this.ids.delete(record)
    this.records.delete(record)
  }

  /** Counts that one document has taken the place of another, or of none. */
  countChange(before: KeptDocument | null, after: KeptDocument | null): void {
    this.count += Number(after !== null) - Number(before !== null)
    this.bytes += (after === null ? 0 : lengthOf(after)) - (before === null ? 0 : lengthOf(before))
  }

  /** The number of the newest record that there ever was. */
  get lastNumber(): number {
    return this.#lastNumber
  }

  /** The records behind the one with this number, up to another, in their order. Not to be changed meanwhile. */
  recordsAfter(after: number, last = Number.POSITIVE_INFINITY): Generator<StoredRecord> {
    return this.records.range(
      ({ number }) => (number > after ? 0 : -1),
      ({ number }) => (number > last ? 1 : 0),
    )
  }

  /** Builds an index over all that is there. Uniqueness is checked by the caller, before. */
  addIndex(definition: IndexDefinition): OrderedIndex {
    const index = new OrderedIndex(definition)
    for (const record of this.records) {
      if (isSettled(record)) {
        if (record.document !== null) index.add(record, decodeKept(record.document))
      } else for (const document of reachableDocuments(record)) index.add(record, document)
    }
    this.indexes.set(definition.name, index)
    return index
  }
}

function compileValidator(validator: Document | undefined): CompiledQuery | undefined {
  return validator === undefined || Object.keys(validator).length === 0 ? undefined : compileQuery(validator)
}
