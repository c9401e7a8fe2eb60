import type { Document } from 'bson'
import { type Collation, compareValues } from '../bson/compare.ts'
import { toSafeInteger } from '../bson/number.ts'
import { valuesAtPath } from '../bson/path.ts'
import { isDocument } from '../bson/value-type.ts'
import { badValue, locationError, notSupported } from '../server-error.ts'
import { firstInOrder } from './first-in-order.ts'

/** The keys by which a document is sorted, and their order. */
export interface SortOrder {
  keysOf(document: Document): unknown[]
  compareKeys(a: readonly unknown[], b: readonly unknown[]): number
}

/**
 * Compiles a sort specification. An array sorts by its least element when ascending and by its greatest when descending;
 * an empty array comes before null.
 */
export function compileSortOrder(spec: Document, collation?: Collation): SortOrder {
  const keys = Object.entries(spec).map(([path, direction]) => sortKey(path, direction, collation))
  return {
    keysOf: (document) => keys.map(({ keyOf }) => keyOf(document)),
    compareKeys: (a, b) => {
      for (const [at, { direction }] of keys.entries()) {
        const difference = compareKeys(a[at], b[at], collation)
        if (difference !== 0) return direction * difference
      }
      return 0
    },
  }
}

/** The comparison of two documents; who sorts a list takes {@link sortDocuments}. */
export function compileSort(spec: Document, collation?: Collation): (a: Document, b: Document) => number {
  const order = compileSortOrder(spec, collation)
  return (a, b) => order.compareKeys(order.keysOf(a), order.keysOf(b))
}

/**
 * Sorts a list, or finds its first `count` documents; each document's keys are taken once, not at every comparison.
 * Documents with equal keys keep their order.
 */
export function sortDocuments(
  documents: Iterable<Document>,
  spec: Document,
  collation?: Collation,
  count = Number.POSITIVE_INFINITY,
): Document[] {
  return sortBy(documents, (document) => document, compileSortOrder(spec, collation), count)
}

/** Like {@link sortDocuments} for things that have a document. */
export function sortBy<T>(
  items: Iterable<T>,
  documentOf: (item: T) => Document,
  order: SortOrder,
  count = Number.POSITIVE_INFINITY,
): T[] {
  const decorated = withKeys(items, (item) => order.keysOf(documentOf(item)))
  const sorted = firstInOrder(decorated, count, (a, b) => order.compareKeys(a.keys, b.keys))
  return sorted.map(({ item }) => item)
}

function* withKeys<T>(
  items: Iterable<T>,
  keysOf: (item: T) => unknown[],
): Generator<{ item: T; keys: unknown[] }> {
  for (const item of items) yield { item, keys: keysOf(item) }
}

interface SortKey {
  direction: 1 | -1
  keyOf: (document: Document) => unknown
}

function sortKey(path: string, given: unknown, collation: Collation | undefined): SortKey {
  if (isDocument(given)) throw notSupported(`sort by ${Object.keys(given)[0] ?? 'a document'}`)
  if (path.startsWith('$'))
    throw locationError(16410, `FieldPath field names may not start with '$': '${path}'`)
  const direction = toSafeInteger(given)
  if (direction !== 1 && direction !== -1) {
    throw locationError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)')
  }
  if (path === '') throw badValue('FieldPath cannot be constructed with empty string')
  return { direction, keyOf: (document) => extremeValue(valuesAtPath(document, path), direction, collation) }
}

function extremeValue(values: unknown[], direction: 1 | -1, collation: Collation | undefined): unknown {
  return values.reduce((best, value) => (direction * compareKeys(value, best, collation) < 0 ? value : best))
}

/** `valuesAtPath` gives an empty array as itself; as a sort key it stands just below null, above MinKey. */
function compareKeys(a: unknown, b: unknown, collation: Collation | undefined): number {
  const emptyA = Array.isArray(a) && a.length === 0
  const emptyB = Array.isArray(b) && b.length === 0
  if (!emptyA && !emptyB) return compareValues(a, b, collation)
  if (emptyA && emptyB) return 0
  return emptyA ? compareValues(null, b, collation) || -1 : compareValues(a, null, collation) || 1
}
