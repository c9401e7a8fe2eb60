import type { Document } from 'bson'
import { decodeDocument, encodeDocument } from './decode.ts'
import { setOwnField } from './path.ts'
import { elementStarts, type FieldPlace, fieldPlaces } from './raw-places.ts'
import { RawSplice } from './raw-splice.ts'
import { ARRAY, DOCUMENT, endOfName } from './raw-value.ts'
import { isDocument } from './value-type.ts'

/** A new state of a document. */
export interface EncodedChange {
  raw: Uint8Array
  /** What the bytes decode to. It shares with the state before whatever did not change. */
  document: Document
}

/**
 * Encodes a document that was made of another one, of which the bytes are known. What both share (the same object at the
 * same field, the same element of an array, wherever it stands) is copied as bytes, so that the work grows with what
 * changed. The bytes are those that `encodeDocument` would give, if `raw` is as `encodeDocument` gives it.
 *
 * @param before what `raw` decodes to.
 */
export function encodeChange(before: Document, raw: Uint8Array, after: Document): EncodedChange {
  const splice = new RawSplice(raw)
  const places = fieldPlaces(splice.source, 0, Object.keys(before))
  if (places !== undefined) {
    const document = spliceDocument(splice, before, places, after)
    return { raw: splice.bytes(), document }
  }
  const encoded = encodeDocument(after)
  return { raw: encoded, document: decodeDocument(encoded) }
}

function spliceDocument(
  splice: RawSplice,
  before: Document,
  places: ReadonlyMap<string, FieldPlace>,
  after: Document,
): Document {
  const document: Document = {}
  const end = splice.beginDocument()
  for (const [name, value] of Object.entries(after)) {
    if (value === undefined) continue
    const place = places.get(name)
    const old = place === undefined ? undefined : before[name]
    setOwnField(document, name, spliceValue(splice, { name, place, old, value }))
  }
  end()
  return document
}

/** An element that moved is copied, too, behind its new number. */
function spliceArray(
  splice: RawSplice,
  before: readonly unknown[],
  starts: Uint32Array,
  after: readonly unknown[],
): unknown[] {
  const placeOf = (at: number) => ({ start: starts[at] ?? 0, end: starts[at + 1] ?? 0 })
  const moved = movedElements(before, after)
  const end = splice.beginDocument()
  const array = after.map((given, at) => {
    // What is undefined is stored as null.
    const value = given ?? null
    const other = value === before[at] ? undefined : moved(value)
    if (other !== undefined) {
      splice.copyRenamed(placeOf(other), String(at))
      return value
    }
    const place = at < before.length ? placeOf(at) : undefined
    return spliceValue(splice, { name: String(at), place, old: before[at], value })
  })
  end()
  return array
}

interface SplicedValue {
  name: string
  /** Where the field or element of this name is, if there was one. */
  place: FieldPlace | undefined
  old: unknown
  value: unknown
}

function spliceValue(splice: RawSplice, spliced: SplicedValue): unknown {
  const { name, place, old, value } = spliced
  if (place !== undefined && old === value) {
    splice.copy(place)
    return value
  }
  const inner = spliceInner(splice, spliced)
  if (inner !== undefined) return inner
  const alone = encodeDocument({ [name]: value })
  splice.add(alone.subarray(4, -1))
  return decodeDocument(alone)[name]
}

/** For a document in the place of a document, or an array in that of an array; undefined where neither can be spliced. */
function spliceInner(splice: RawSplice, { name, place, old, value }: SplicedValue): unknown {
  if (place === undefined) return undefined
  const { source } = splice
  const type = source[place.start]
  const bodyAt = endOfName(source, place.start + 1) + 1
  if (type === ARRAY && Array.isArray(old) && Array.isArray(value)) {
    const starts = elementStarts(source, bodyAt, old.length)
    if (starts === undefined) return undefined
    splice.addHead(type, name)
    return spliceArray(splice, old, starts, value)
  }
  if (type === DOCUMENT && isDocument(old) && isDocument(value)) {
    const places = fieldPlaces(source, bodyAt, Object.keys(old))
    if (places === undefined) return undefined
    splice.addHead(type, name)
    return spliceDocument(splice, old, places, value)
  }
  return undefined
}

/** Tells where an array held an element that may stand elsewhere now. Nothing moves where elements are only added. */
function movedElements(
  before: readonly unknown[],
  after: readonly unknown[],
): (value: unknown) => number | undefined {
  if (before.every((element, at) => element === after[at])) return () => undefined
  let places: Map<unknown, number> | undefined
  return (value) => {
    if (typeof value !== 'object' || value === null) return undefined
    places ??= new Map(before.map((element, at) => [element, at]))
    return places.get(value)
  }
}
