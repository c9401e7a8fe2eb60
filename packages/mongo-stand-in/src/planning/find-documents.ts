import type { Document } from 'bson'
import { type CompiledQuery, compileQuery } from '../query/compile-query.ts'
import { compileSortOrder, sortBy } from '../query/sort.ts'
import type { Collection } from '../storage/collection.ts'
import { idOf } from '../storage/document-id.ts'
import { IdIndex } from '../storage/id-index.ts'
import { indexKeys } from '../storage/index-definition.ts'
import { bytesOf, decodeKept, type KeptDocument } from '../storage/kept-bytes.ts'
import type { OrderedIndex } from '../storage/ordered-index.ts'
import { isSettled, type ReadView, type StoredRecord, visibleDocument } from '../storage/stored-record.ts'
import { idPlace, isObjectIdRange } from './id-range.ts'
import { rangePlace } from './key-range.ts'
import { type PlanRequest, planQuery, type QueryPlan } from './plan-query.ts'

/** A document that matched, as its view sees it; decoded when first asked. */
export class FoundDocument {
  readonly record: StoredRecord
  readonly kept: KeptDocument
  #document: Document | undefined

  constructor(record: StoredRecord, kept: KeptDocument) {
    this.record = record
    this.kept = kept
  }

  get raw(): Uint8Array {
    return bytesOf(this.kept)
  }

  get document(): Document {
    this.#document ??= decodeKept(this.kept)
    return this.#document
  }
}

export interface FindRequest extends PlanRequest {
  readonly let?: Document
  readonly skip?: number
  /** 0 and undefined: no limit. */
  readonly limit?: number
}

/** Finds, sorts, skips and limits. The collection must not change while the result is read. */
export function* findDocuments(
  collection: Collection | undefined,
  view: ReadView,
  request: FindRequest,
): Generator<FoundDocument> {
  if (collection === undefined) {
    // A filter that makes no sense is refused even where there is nothing to filter.
    compileQuery(request.filter, { collation: request.collation, let: request.let })
    return
  }
  const plan = planQuery(collection, request)
  const { skip = 0, limit = 0 } = request
  const end = limit === 0 ? Number.POSITIVE_INFINITY : skip + limit
  let at = 0
  for (const found of inOrder(matching(collection, view, plan, request), plan, request, end)) {
    if (at >= skip) yield found
    if (++at >= end) return
  }
}

/** What no index has put in order is sorted; no more is kept than the first `count`. */
function inOrder(
  found: Iterable<FoundDocument>,
  plan: QueryPlan,
  { sort, collation }: FindRequest,
  count: number,
): Iterable<FoundDocument> {
  if (plan.sorted || sort === undefined) return found
  return sortBy(found, ({ document }) => document, compileSortOrder(sort, collation), count)
}

function* matching(
  collection: Collection,
  view: ReadView,
  plan: QueryPlan,
  request: FindRequest,
): Generator<FoundDocument> {
  // The range has been read from the index of `_id` already.
  const isRange = plan.index instanceof IdIndex && isObjectIdRange(request.filter)
  const matches = isRange ? () => true : compileMatch(request)
  for (const record of scan(collection, view, plan)) {
    const kept = visibleDocument(record, view)
    if (kept === null) continue
    const found = new FoundDocument(record, kept)
    if (matches(found)) yield found
  }
}

/** A filter on `_id` alone is answered from the record, without decoding the document. */
function compileMatch({ filter, collation, let: variables }: FindRequest): (found: FoundDocument) => boolean {
  const fields = Object.keys(filter)
  if (fields.length === 0) return () => true
  const query: CompiledQuery = compileQuery(filter, { collation, let: variables })
  if (fields.every((field) => field === '_id')) return ({ record }) => query.test({ _id: idOf(record.key) })
  return (found) => query.test(found.document)
}

function* scan(collection: Collection, view: ReadView, plan: QueryPlan): Generator<StoredRecord> {
  const { index, ranges, reverse } = plan
  if (index === undefined) {
    yield* reverse ? collection.records.backwards() : collection.records
    return
  }
  const seen =
    index instanceof IdIndex || ranges.length + Number(index.multikey) < 2
      ? undefined
      : new Set<StoredRecord>()
  for (const range of reverse ? ranges.toReversed() : ranges) {
    const place = rangePlace(range, index.definition.fields, index.definition.collation)
    if (index instanceof IdIndex && range.prefix.length === 1) {
      const record = index.find(range.prefix[0])
      if (record !== undefined) yield record
    } else if (index instanceof IdIndex) {
      const placeOfId = idPlace(range, place, index.definition.collation)
      const placeOf = (record: StoredRecord) => placeOfId(record.key)
      yield* index.range(placeOf, placeOf, reverse)
    } else {
      for (const record of currentRecords(index, view, place, reverse)) {
        if (seen?.has(record)) continue
        seen?.add(record)
        yield record
      }
    }
  }
}

/** Leaves out entries that belong to states which the view does not see: the record stands elsewhere in its order. */
function* currentRecords(
  index: OrderedIndex,
  view: ReadView,
  place: (key: readonly unknown[]) => number,
  reverse: boolean,
): Generator<StoredRecord> {
  const at = (entry: { key: readonly unknown[] }) => place(entry.key)
  for (const { key, record } of index.range(at, at, reverse)) {
    if (!isSettled(record)) {
      const kept = visibleDocument(record, view)
      if (kept === null) continue
      if (!indexKeys(index.definition, decodeKept(kept)).some((other) => index.sameKey(key, other))) continue
    }
    yield record
  }
}
