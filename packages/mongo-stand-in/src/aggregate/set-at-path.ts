import type { Document } from 'bson'
import { ownField, setOwnField } from '../bson/path.ts'
import { isDocument } from '../bson/value-type.ts'

/** A copy of the document with a value at a dotted path; `undefined` removes the field. Arrays are not entered. */
export function setAtPath(document: Document, segments: readonly string[], value: unknown): Document {
  const [name = '', ...rest] = segments
  const copy = { ...document }
  if (rest.length > 0) {
    const inner = ownField(document, name)
    setOwnField(copy, name, setAtPath(isDocument(inner) ? inner : {}, rest, value))
  } else if (value === undefined) {
    delete copy[name]
  } else {
    setOwnField(copy, name, value)
  }
  return copy
}

/** The value at a dotted path through documents alone. */
export function readAtPath(document: Document, segments: readonly string[]): unknown {
  return segments.reduce<unknown>(
    (value, name) => (isDocument(value) ? ownField(value, name) : undefined),
    document,
  )
}
