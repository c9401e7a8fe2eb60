/*
 * Documents as plain JSON, as an application that knows only Postgres would write it: dates as ISO text, ObjectIds as
 * hex. What JSON cannot show is declared per place (`types`), or kept as a form beside it (json-forms.ts).
 */
import { Decimal128, Double, Int32, ObjectId } from 'bson'
import { isObjectIdHex } from '../identity/object-id-uuid.ts'
import {
  type BsonType,
  bsonTypeOf,
  bytesOf,
  entriesOf,
  numberOf,
  objectIdHex,
  setMember,
} from './bson-value.ts'
import { decimal128Of, normaliseDecimal } from './decimal.ts'
import { splitPath } from './path.ts'
import { textTrouble } from './storable-text.ts'
import type { Json, RefusalCode } from './types.ts'

export type JsonTypes = Record<string, 'date' | 'objectId' | 'decimal128'>

/** The declared types as a tree by path segment; `*` stands for any. */
export interface TypesNode {
  type?: JsonTypes[string]
  members: Map<string, TypesNode>
}

export type EncodedJson = { json: Json } | { refused: RefusalCode; reason: string }

export function readTypes(types: JsonTypes): TypesNode {
  const root: TypesNode = { members: new Map() }
  for (const [path, type] of Object.entries(types)) {
    let node = root
    for (const segment of splitPath(path)) {
      const next = node.members.get(segment) ?? { members: new Map() }
      node.members.set(segment, next)
      node = next
    }
    node.type = type
  }
  return root
}

export function typesBelow(node: TypesNode | undefined, key: string): TypesNode | undefined {
  return node?.members.get(key) ?? node?.members.get('*')
}

/** The value as JSON, or why it has none that jsonb can hold. */
export function encodeJson(value: unknown): EncodedJson {
  const type = bsonTypeOf(value)
  if (type === 'array') return encodeArray(value as unknown[])
  if (type === 'document') return encodeDocument(value)
  return encodeScalar(value, type)
}

/** The default BSON form of JSON: numbers as Int32 or Double, declared places as their type. */
export function decodeJson(json: Json, types: TypesNode | undefined): unknown {
  if (Array.isArray(json)) return json.map((element, i) => decodeJson(element, typesBelow(types, String(i))))
  if (json !== null && typeof json === 'object') {
    const document = {}
    for (const key of Object.keys(json))
      setMember(document, key, decodeJson(json[key] as Json, typesBelow(types, key)))
    return document
  }
  if (typeof json === 'number') return decodeNumber(json, types?.type)
  return typeof json === 'string' ? decodeText(json, types?.type) : json
}

function encodeArray(values: unknown[]): EncodedJson {
  const elements: Json[] = []
  for (const value of values) {
    const encoded = encodeJson(value)
    if ('refused' in encoded) return encoded
    elements.push(encoded.json)
  }
  return { json: elements }
}

/**
 * Of several members that jsonb cannot hold, the first by name gives the reason: jsonb has an order of keys of its own,
 * and the same document must give the same row after its way through the database.
 */
function encodeDocument(value: unknown): EncodedJson {
  const document: { [key: string]: Json } = {}
  let worst: { key: string; refusal: EncodedJson } | undefined
  for (const [key, member] of entriesOf(value)) {
    const encoded = encodeMember(key, member)
    if ('json' in encoded) setMember(document, key, encoded.json)
    else if (worst === undefined || key < worst.key) worst = { key, refusal: encoded }
  }
  return worst?.refusal ?? { json: document }
}

function encodeMember(key: string, member: unknown): EncodedJson {
  const trouble = textTrouble(key)
  return trouble === undefined
    ? encodeJson(member)
    : { refused: trouble, reason: 'a key that jsonb cannot hold' }
}

function encodeScalar(value: unknown, type: BsonType): EncodedJson {
  switch (type) {
    case 'string': {
      const trouble = textTrouble(value as string)
      return trouble === undefined
        ? { json: value as string }
        : { refused: trouble, reason: 'text that jsonb cannot hold' }
    }
    case 'bool':
    case 'null':
      return { json: value as boolean | null }
    case 'int32':
    case 'double': {
      const number = numberOf(value)
      return Number.isFinite(number)
        ? { json: number === 0 ? 0 : number }
        : { refused: 'range', reason: 'NaN or infinite' }
    }
    case 'long':
    case 'decimal128':
      return encodeExactNumber(String(value))
    case 'date': {
      const date = value as Date
      return Number.isNaN(date.getTime())
        ? { refused: 'range', reason: 'an invalid date' }
        : { json: date.toISOString() }
    }
    case 'objectId':
      return { json: objectIdHex(value) }
    case 'binary':
      return { json: Buffer.from(bytesOf(value)).toString('base64') }
    default:
      return { refused: 'type', reason: `${type}, which JSON cannot show` }
  }
}

/** A number where JSON's double holds it exactly, else its text. */
function encodeExactNumber(text: string): EncodedJson {
  const decimal = normaliseDecimal(text)
  if (decimal === undefined) return { refused: 'range', reason: 'NaN or infinite' }
  const number = Number(decimal)
  return { json: normaliseDecimal(String(number)) === decimal ? number : decimal }
}

function decodeNumber(number: number, type: JsonTypes[string] | undefined): unknown {
  if (type === 'decimal128') {
    const decimal = normaliseDecimal(String(number))
    return (decimal === undefined ? undefined : decimal128Of(decimal)) ?? new Double(number)
  }
  return (number | 0) === number && !Object.is(number, -0) ? new Int32(number) : new Double(number)
}

function decodeText(text: string, type: JsonTypes[string] | undefined): unknown {
  if (type === 'objectId' && isObjectIdHex(text)) return ObjectId.createFromHexString(text)
  if (type === 'date') {
    const date = new Date(text)
    if (!Number.isNaN(date.getTime()) && date.toISOString() === text) return date
  }
  if (type === 'decimal128' && normaliseDecimal(text) === text) return Decimal128.fromString(text)
  return text
}
