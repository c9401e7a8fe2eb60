import type { Document } from 'bson'
import { type Collation, compareValues } from '../bson/compare.ts'
import { toSafeInteger } from '../bson/number.ts'
import { valuesAtPath } from '../bson/path.ts'
import { isDocument } from '../bson/value-type.ts'
import { badValue, locationError, notSupported } from '../server-error.ts'

/**
 * Compiles a sort specification to a comparison of documents. An array sorts by its least element when ascending and
 * by its greatest when descending; an empty array comes before null.
 */
export function compileSort(spec: Document, collation?: Collation): (a: Document, b: Document) => number {
  const keys = Object.entries(spec).map(([path, direction]) => sortKey(path, direction, collation))
  return (a, b) => {
    for (const { direction, keyOf } of keys) {
      const difference = compareKeys(keyOf(a), keyOf(b), collation)
      if (difference !== 0) return direction * difference
    }
    return 0
  }
}

/**
 * Sorts a list; each document's keys are taken once, not at every comparison. Documents with equal keys keep their order.
 */
export function sortDocuments(
  documents: Iterable<Document>,
  spec: Document,
  collation?: Collation,
): Document[] {
  const keys = Object.entries(spec).map(([path, direction]) => sortKey(path, direction, collation))
  const decorated = Array.from(documents, (document) => ({
    document,
    keys: keys.map(({ keyOf }) => keyOf(document)),
  }))
  decorated.sort((a, b) => {
    for (const [at, { direction }] of keys.entries()) {
      const difference = compareKeys(a.keys[at], b.keys[at], collation)
      if (difference !== 0) return direction * difference
    }
    return 0
  })
  return decorated.map(({ document }) => document)
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
