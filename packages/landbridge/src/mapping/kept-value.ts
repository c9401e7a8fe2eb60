/*
 * How a BSON value stands in the jsonb column `extra`: as canonical EJSON, so that people and SQL can read it; or,
 * where jsonb cannot hold that (NUL, half a surrogate pair) or EJSON would be misread (keys that begin with "$"),
 * as { "$bson": base64 of the document { v: value } }.
 */
import { Decimal128, Double, EJSON, Int32, Long, ObjectId } from 'bson'
import { decodeBson, encodeBson } from './bson.ts'
import { bsonTypeOf, entriesOf, numberOf, objectIdHex, setMember } from './bson-value.ts'
import { canonicalEquals } from './canonical-form.ts'
import { isStorableText } from './storable-text.ts'
import type { Json } from './types.ts'

/** The value as JSON; undefined where not even `$bson` gives it back exactly. */
export function keepValue(value: unknown): Json | undefined {
  const json = toEjson(value)
  if (json !== undefined && restoresTo(json, value)) return json
  try {
    const raw: Json = { $bson: Buffer.from(encodeBson({ v: value })).toString('base64') }
    return restoresTo(raw, value) ? raw : undefined
  } catch {
    // Not a loss: the caller refuses the document, which then waits in quarantine as raw bytes.
    return undefined
  }
}

/** The value that `keepValue` was given. Throws where the JSON is not of that making. */
export function restoreValue(json: Json): unknown {
  if (json === null || typeof json !== 'object') return json
  if (Array.isArray(json)) return json.map(restoreValue)
  const keys = Object.keys(json)
  const first = keys[0]
  if (first?.startsWith('$')) return restoreTyped(first, json)
  const document = {}
  for (const key of keys) setMember(document, key, restoreValue(json[key] as Json))
  return document
}

function restoresTo(json: Json, value: unknown): boolean {
  try {
    return canonicalEquals(restoreValue(json), value)
  } catch {
    return false
  }
}

/** Canonical EJSON; undefined where the value has none that jsonb can hold. */
function toEjson(value: unknown): Json | undefined {
  switch (bsonTypeOf(value)) {
    case 'string':
      return isStorableText(value as string) ? (value as string) : undefined
    case 'bool':
    case 'null':
      return value as boolean | null
    case 'undefined':
      return { $undefined: true }
    case 'int32':
      return { $numberInt: String(numberOf(value)) }
    case 'double': {
      const number = numberOf(value)
      return {
        $numberDouble: Object.is(number, -0)
          ? '-0.0'
          : Number.isInteger(number)
            ? number.toFixed(1)
            : String(number),
      }
    }
    case 'long':
      return { $numberLong: String(value) }
    case 'decimal128':
      return { $numberDecimal: String(value) }
    case 'date':
      return { $date: { $numberLong: String((value as Date).getTime()) } }
    case 'objectId':
      return { $oid: objectIdHex(value) }
    case 'array':
      return toEjsonArray(value as unknown[])
    case 'document':
      return toEjsonDocument(value)
    default:
      return toRareEjson(value)
  }
}

function toEjsonArray(values: unknown[]): Json | undefined {
  const elements: Json[] = []
  for (const value of values) {
    const element = toEjson(value)
    if (element === undefined) return undefined
    elements.push(element)
  }
  return elements
}

function toEjsonDocument(value: unknown): Json | undefined {
  const document: { [key: string]: Json } = {}
  for (const [key, memberValue] of entriesOf(value)) {
    const member = toEjson(memberValue)
    if (member === undefined || key.startsWith('$') || !isStorableText(key)) return undefined
    setMember(document, key, member)
  }
  return document
}

/** Binaries, regular expressions, timestamps, code: as the BSON library tells them, unless jsonb refuses the text. */
function toRareEjson(value: unknown): Json | undefined {
  const text = ejsonText(value)
  return text === undefined || text.includes('\\u0000') || /\\ud[89a-f]/i.test(text)
    ? undefined
    : (JSON.parse(text) as Json)
}

/** Undefined for what the library will not tell, e.g. a binary of subtype 9 that is no sound vector. */
function ejsonText(value: unknown): string | undefined {
  try {
    return EJSON.stringify(value, { relaxed: false })
  } catch {
    return undefined
  }
}

function restoreTyped(key: string, json: { [key: string]: Json }): unknown {
  const inner = json[key] as string
  switch (key) {
    case '$bson':
      return decodeBson(Buffer.from(inner, 'base64')).v
    case '$undefined':
      return undefined
    case '$numberInt':
      return new Int32(Number(inner))
    case '$numberDouble':
      return new Double(Number(inner))
    case '$numberLong':
      return Long.fromString(inner)
    case '$numberDecimal':
      return Decimal128.fromString(inner)
    case '$oid':
      return ObjectId.createFromHexString(inner)
    case '$date':
      return new Date(Number((json.$date as { $numberLong: string }).$numberLong))
    default:
      return EJSON.parse(JSON.stringify(json), { relaxed: false })
  }
}
