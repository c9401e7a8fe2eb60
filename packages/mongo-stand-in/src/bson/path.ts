import type { Document } from 'bson'
import { isDocument } from './value-type.ts'

/**
 * The values that an index on `path` holds for the document. Arrays on the way and at the end give one value for each
 * element; a path that leads nowhere gives `[undefined]`, and an empty array at the end gives itself.
 */
export function valuesAtPath(document: Document, path: string): unknown[] {
  const found: unknown[] = []
  collect(document, path.split('.'), 0, found)
  return found.length === 0 ? [undefined] : found
}

function collect(value: unknown, segments: string[], at: number, found: unknown[]): void {
  const segment = segments[at]
  if (segment === undefined) {
    if (Array.isArray(value) && value.length > 0) found.push(...value)
    else found.push(value)
  } else if (Array.isArray(value)) {
    collectFromArray(value, segment, segments, at, found)
  } else {
    collect(isDocument(value) ? ownField(value, segment) : undefined, segments, at + 1, found)
  }
}

function collectFromArray(
  array: unknown[],
  segment: string,
  segments: string[],
  at: number,
  found: unknown[],
): void {
  if (isIndex(segment) && Number(segment) < array.length) {
    collect(array[Number(segment)], segments, at + 1, found)
    return
  }
  for (const element of array) {
    // An array directly within an array is not entered by name.
    if (!Array.isArray(element)) collect(element, segments, at, found)
  }
}

/** Whether a path segment can stand for a position in an array. */
export function isIndex(segment: string): boolean {
  return /^(0|[1-9]\d*)$/.test(segment)
}

/** The document's own field of that name: never one that every JavaScript object inherits. */
export function ownField(document: Document, name: string): unknown {
  return Object.hasOwn(document, name) ? document[name] : undefined
}

/** Sets an own field whatever its name; plain assignment to `__proto__` would change the prototype instead. */
export function setOwnField(document: Document, name: string, value: unknown): void {
  if (name !== '__proto__') document[name] = value
  else Object.defineProperty(document, name, { value, enumerable: true, configurable: true, writable: true })
}
