import type { Document } from 'bson'
import { isIndex, ownField } from '../bson/path.ts'
import { isDocument } from '../bson/value-type.ts'

/**
 * Receives one value of a path, `undefined` for a path that leads nowhere. `index` is the position in the outermost
 * array that was entered. Returning true ends the visit.
 */
export type PathVisitor = (value: unknown, index: number | undefined) => boolean

export interface VisitOptions {
  /** Whether an array at the end of the path also gives its elements, before itself. Most operators want that. */
  leafElements: boolean
}

/** Visits what a query condition on the path has to look at, until the visitor has what it wants. */
export function visitPath(
  document: Document,
  segments: readonly string[],
  options: VisitOptions,
  visit: PathVisitor,
): boolean {
  return visitFrom(document, segments, 0, undefined, options, visit)
}

function visitFrom(
  start: unknown,
  segments: readonly string[],
  from: number,
  index: number | undefined,
  options: VisitOptions,
  visit: PathVisitor,
): boolean {
  let value = start
  let at = from
  while (at < segments.length && isDocument(value)) {
    value = ownField(value, segments[at] ?? '')
    at++
  }
  if (Array.isArray(value)) {
    return at === segments.length
      ? visitLeafArray(value, index, options, visit)
      : visitInnerArray(value, segments, at, index, options, visit)
  }
  return visit(at === segments.length ? value : undefined, index)
}

function visitLeafArray(
  array: unknown[],
  index: number | undefined,
  options: VisitOptions,
  visit: PathVisitor,
): boolean {
  if (options.leafElements) {
    for (let position = 0; position < array.length; position++) {
      if (visit(array[position], index ?? position)) return true
    }
  }
  return visit(array, index)
}

function visitInnerArray(
  array: unknown[],
  segments: readonly string[],
  at: number,
  index: number | undefined,
  options: VisitOptions,
  visit: PathVisitor,
): boolean {
  for (let position = 0; position < array.length; position++) {
    const element = array[position]
    // Documents within the array are entered by name; scalars and arrays within it say nothing about the rest.
    if (isDocument(element) && visitFrom(element, segments, at, index ?? position, options, visit))
      return true
  }
  const segment = segments[at] ?? ''
  if (!isIndex(segment) || Number(segment) >= array.length) return false
  const element = array[Number(segment)]
  if (at + 1 === segments.length) return visit(element, index)
  // A segment that names a position leads on into that element, be it a document or an array.
  return isDocument(element) || Array.isArray(element)
    ? visitFrom(element, segments, at + 1, index, options, visit)
    : false
}
