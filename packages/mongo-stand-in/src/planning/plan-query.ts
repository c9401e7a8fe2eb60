import type { Document } from 'bson'
import { type Collation, sameCollation } from '../bson/collation.ts'
import { compareValues, equalValues } from '../bson/compare.ts'
import { isDocument, typeOrder } from '../bson/value-type.ts'
import { badValue } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import type { IdIndex } from '../storage/id-index.ts'
import type { IndexDefinition } from '../storage/index-definition.ts'
import { OrderedIndex } from '../storage/ordered-index.ts'
import { type FieldBounds, fieldBounds } from './field-bounds.ts'
import type { KeyRange } from './key-range.ts'
import { impliesPartialFilter } from './partial-index.ts'

export interface PlanRequest {
  readonly filter: Document
  readonly sort?: Document
  readonly hint?: unknown
  readonly collation?: Collation
}

/** How the documents are found: through which index and which of its ranges, and whether that is the wanted order. */
export interface QueryPlan {
  /** Undefined for a scan of the collection in the order of insertion. */
  readonly index: IdIndex | OrderedIndex | undefined
  readonly ranges: readonly KeyRange[]
  readonly reverse: boolean
  /** Whether the order of the scan is the order of the sort. */
  readonly sorted: boolean
}

const MAX_RANGES = 2000

/** Picks the index with the most equalities, then a range, then the wanted order; a hint decides alone. */
export function planQuery(collection: Collection, request: PlanRequest): QueryPlan {
  const natural: unknown = request.sort?.$natural
  if (natural !== undefined) return { ...collectionScan(request, Number(natural) < 0), sorted: true }
  const bounds = fieldBounds(request.filter)
  const hinted = hintedIndex(collection, request.hint)
  if (hinted === 'natural' || hinted === 'reverse') return collectionScan(request, hinted === 'reverse')
  // As on a mongod, the result may lack documents that a hinted sparse or partial index does not hold.
  if (hinted !== undefined) return planIndex(hinted, request, bounds).plan
  let best: { plan: QueryPlan; score: number } | undefined
  for (const index of [collection.ids, ...collection.indexes.values()]) {
    if (index.definition.spec.hidden === true || !answersQuery(index.definition, request, bounds)) continue
    const candidate = planIndex(index, request, bounds)
    if (candidate.score > (best?.score ?? 0)) best = candidate
  }
  return best?.plan ?? collectionScan(request, false)
}

function collectionScan({ sort }: PlanRequest, reverse: boolean): QueryPlan {
  return {
    index: undefined,
    ranges: [],
    reverse,
    sorted: sort === undefined || Object.keys(sort).length === 0,
  }
}

function planIndex(
  index: IdIndex | OrderedIndex,
  request: PlanRequest,
  bounds: Map<string, FieldBounds>,
): { plan: QueryPlan; score: number } {
  const { fields, collation } = index.definition
  const comparable = sameCollation(collation, request.collation)
  const usable = (value: unknown) => comparable || !dependsOnCollation(value)
  let prefixes: unknown[][] = [[]]
  let single = 0
  let range: Pick<KeyRange, 'lower' | 'upper' | 'bracket'> = {}
  for (const { path, direction } of fields) {
    const { points, lower, upper, bracket } = bounds.get(path) ?? {}
    if (points?.every(usable) && prefixes.length * points.length <= MAX_RANGES) {
      if (points.length === 1 && prefixes.length === 1) single++
      // The ranges follow each other in the order of the index, which is that of its collation.
      const inOrder = points.toSorted((a, b) => direction * compareValues(a, b, collation))
      prefixes = prefixes.flatMap((prefix) => inOrder.map((point) => [...prefix, point]))
      continue
    }
    range = usableRange(index, lower, upper, usable)
    // Only an `_id` is never an array, whose elements have types of their own.
    const isBounded = range.lower !== undefined || range.upper !== undefined
    if (!isBounded && !(index instanceof OrderedIndex)) range = { bracket }
    break
  }
  const order = comparable ? sortOrder(index, request.sort, prefixes.length > 1 ? 0 : single) : undefined
  const equalities = prefixes[0]?.length ?? 0
  const bounded = range.lower !== undefined || range.upper !== undefined || range.bracket !== undefined
  const score = equalities * 10 + (bounded ? 5 : 0) + (order === undefined ? 0 : 4)
  const ranges = prefixes.map((prefix) => ({ prefix, ...range }))
  const wantsOrder = request.sort !== undefined && Object.keys(request.sort).length > 0
  // Without a wish for an order, any will do.
  const plan = { index, ranges, reverse: order === -1, sorted: order !== undefined || !wantsOrder }
  return { plan, score }
}

/** On an array, one element may pass the one bound and another the other: then only one of them may narrow the scan. */
function usableRange(
  index: IdIndex | OrderedIndex,
  lower: FieldBounds['lower'],
  upper: FieldBounds['upper'],
  usable: (value: unknown) => boolean,
): Pick<KeyRange, 'lower' | 'upper'> {
  const from = lower !== undefined && usable(lower.value) ? lower : undefined
  const to = upper !== undefined && usable(upper.value) ? upper : undefined
  if (from === undefined || to === undefined) return { lower: from, upper: to }
  const narrow = !(index instanceof OrderedIndex && index.multikey)
  const oneBracket = typeOrder(from.value) === typeOrder(to.value)
  return narrow && oneBracket ? { lower: from, upper: to } : { lower: from }
}

/** 1 or -1 if reading the index forwards or backwards gives the order; the first `fixed` fields have one value each. */
function sortOrder(
  index: IdIndex | OrderedIndex,
  sort: Document | undefined,
  fixed: number,
): 1 | -1 | undefined {
  const wanted = Object.entries(sort ?? {})
  if (wanted.length === 0 || (index instanceof OrderedIndex && index.multikey)) return undefined
  const { fields } = index.definition
  const constant = new Set(fields.slice(0, fixed).map(({ path }) => path))
  const open = wanted.filter(([path]) => !constant.has(path))
  let order: 1 | -1 | undefined
  for (const [at, [path, direction]] of open.entries()) {
    const field = fields[fixed + at]
    if (field?.path !== path || isDocument(direction)) return undefined
    const here = Math.sign(Number(direction)) === field.direction ? 1 : -1
    if (order !== undefined && order !== here) return undefined
    order = here
  }
  return order ?? 1
}

/** A sparse or partial index may stand for the collection only if it leaves out nothing that could match. */
function answersQuery(
  definition: IndexDefinition,
  request: PlanRequest,
  bounds: Map<string, FieldBounds>,
): boolean {
  if (definition.sparse && !definition.fields.some(({ path }) => bounds.has(path))) return false
  return impliesPartial(definition, request, bounds)
}

function impliesPartial(
  { spec, collation }: IndexDefinition,
  request: PlanRequest,
  bounds: Map<string, FieldBounds>,
): boolean {
  if (spec.partialFilterExpression === undefined) return true
  const comparable = sameCollation(collation, request.collation)
  const usable = (value: unknown) => comparable || !dependsOnCollation(value)
  return impliesPartialFilter(spec.partialFilterExpression, request.filter, bounds, usable)
}

function dependsOnCollation(value: unknown): boolean {
  return typeof value === 'string' || isDocument(value) || Array.isArray(value)
}

function hintedIndex(
  collection: Collection,
  hint: unknown,
): IdIndex | OrderedIndex | 'natural' | 'reverse' | undefined {
  if (hint === undefined || hint === null || (isDocument(hint) && Object.keys(hint).length === 0))
    return undefined
  if (isDocument(hint) && '$natural' in hint) return Number(hint.$natural) < 0 ? 'reverse' : 'natural'
  for (const index of [collection.ids, ...collection.indexes.values()]) {
    const { name, spec } = index.definition
    if (spec.hidden === true) continue
    if (isDocument(hint) ? equalValues(hint, spec.key) : hint === name) return index
  }
  throw badValue(
    'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
  )
}
