import type { Binary, BSONRegExp, Code, Long, ObjectId, Timestamp } from 'bson'
import type { Collation } from './collation.ts'
import { compareNumeric, numericValue } from './number.ts'
import { typeOrder } from './value-type.ts'

export type { Collation } from './collation.ts'
export { collationFrom } from './collation.ts'
export { indexKey } from './index-key.ts'

const NUMBER = 10
const TEXT = 15
const DOCUMENT = 20
const ARRAY = 25

const OLD_BINARY = 2

/**
 * The order of BSON values, over all types: MinKey, null, numbers by exact value (NaN lowest, -0 equals 0), strings,
 * documents field by field, arrays element by element, binary data, ObjectIds, booleans, dates, timestamps, regular
 * expressions, code, MaxKey. `undefined` (no value) counts as null, as in sorts and indexes.
 */
export function compareValues(a: unknown, b: unknown, collation?: Collation): number {
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b, collation)
  const order = typeOrder(a)
  const difference = order - typeOrder(b)
  if (difference !== 0) return difference < 0 ? -1 : 1
  switch (order) {
    case NUMBER:
      return compareNumeric(numericValue(a), numericValue(b))
    case TEXT:
      return compareStrings(String(a), String(b), collation)
    case DOCUMENT:
      return compareDocuments(a as object, b as object, collation)
    case ARRAY:
      return compareArrays(a as unknown[], b as unknown[], collation)
    default:
      return compareOthers(a, b, order)
  }
}

/** Whether {@link compareValues} finds no difference. */
export function equalValues(a: unknown, b: unknown, collation?: Collation): boolean {
  return compareValues(a, b, collation) === 0
}

function compareOthers(a: unknown, b: unknown, order: number): number {
  switch (order) {
    case 30:
      return compareBinaries(a as Binary | Uint8Array, b as Binary | Uint8Array)
    case 35:
      return Buffer.compare((a as ObjectId).id, (b as ObjectId).id)
    case 40:
    case 45:
      return Number(a) - Number(b) || 0
    case 47:
      return compareTimestamps(a as Timestamp, b as Timestamp)
    case 50:
      return compareStrings(regexText(a as BSONRegExp | RegExp), regexText(b as BSONRegExp | RegExp))
    case 60:
    case 65:
      return compareCode(a as Code, b as Code)
    default:
      // MinKey, null and MaxKey each equal only themselves.
      return 0
  }
}

/** Code-point order, as UTF-8 bytes have it; JavaScript's own order differs where surrogates meet U+E000 and above. */
function compareStrings(a: string, b: string, collation?: Collation): number {
  if (collation !== undefined) return collation.compare(a, b)
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const left = a.charCodeAt(at)
    const right = b.charCodeAt(at)
    if (left !== right) return codePointWeight(left) - codePointWeight(right)
  }
  return a.length - b.length
}

/** Lifts surrogates above the private use area, so that UTF-16 units sort like the code points that they stand for. */
function codePointWeight(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

/** Field by field: type of the value, then name, then value; the document that ends first is the lesser. */
function compareDocuments(a: object, b: object, collation?: Collation): number {
  const left = Object.entries(a)
  const right = Object.entries(b)
  const length = Math.min(left.length, right.length)
  for (let at = 0; at < length; at++) {
    const [nameA, valueA] = left[at] as [string, unknown]
    const [nameB, valueB] = right[at] as [string, unknown]
    const difference =
      typeOrder(valueA) - typeOrder(valueB) ||
      compareStrings(nameA, nameB) ||
      compareValues(valueA, valueB, collation)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

function compareArrays(a: unknown[], b: unknown[], collation?: Collation): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const difference = compareValues(a[at], b[at], collation)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Length first, then subtype, then bytes. */
function compareBinaries(a: Binary | Uint8Array, b: Binary | Uint8Array): number {
  const left = bytesOf(a)
  const right = bytesOf(b)
  return storedLength(a) - storedLength(b) || subtypeOf(a) - subtypeOf(b) || Buffer.compare(left, right)
}

/** The subtype of old drivers holds its length once more in its content, and that counts. */
function storedLength(value: Binary | Uint8Array): number {
  return bytesOf(value).length + (subtypeOf(value) === OLD_BINARY ? 4 : 0)
}

function bytesOf(value: Binary | Uint8Array): Uint8Array {
  return value instanceof Uint8Array ? value : value.buffer.subarray(0, value.position)
}

function subtypeOf(value: Binary | Uint8Array): number {
  return value instanceof Uint8Array ? 0 : value.sub_type
}

function compareTimestamps(a: Timestamp, b: Timestamp): number {
  // A Timestamp is a Long by construction; both halves count as unsigned.
  const left = unsigned(a as unknown as Long)
  const right = unsigned(b as unknown as Long)
  return left < right ? -1 : left > right ? 1 : 0
}

function unsigned(value: Long): bigint {
  return BigInt.asUintN(64, (BigInt(value.high) << 32n) | BigInt(value.low >>> 0))
}

function regexText(value: BSONRegExp | RegExp): string {
  return value instanceof RegExp ? `${value.source}/${value.flags}` : `${value.pattern}\0${value.options}`
}

function compareCode(a: Code, b: Code): number {
  return compareStrings(a.code, b.code) || compareDocuments(a.scope ?? {}, b.scope ?? {})
}
