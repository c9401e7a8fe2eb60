import { type BsonType, bsonTypeOf, bytesOf, entriesOf, objectIdHex } from '../mapping/bson-value.ts'
import { compareNumbers } from './number-order.ts'

/** The order of MongoDB's types; those of one rank are compared by value. */
const rankOfType: Record<BsonType, number> = {
  minKey: 0,
  undefined: 1,
  null: 2,
  int32: 3,
  long: 3,
  double: 3,
  decimal128: 3,
  string: 4,
  symbol: 4,
  document: 5,
  array: 6,
  binary: 7,
  objectId: 8,
  bool: 9,
  date: 10,
  timestamp: 11,
  regex: 12,
  code: 13,
  maxKey: 14,
}

/**
 * The order in which MongoDB sorts values of any types. The engine needs the very same one: which chunk an `_id` lies
 * in is asked of the server for a copy and of this function for a mirror.
 */
export function compareBson(a: unknown, b: unknown): number {
  const [left, right] = [bsonTypeOf(a), bsonTypeOf(b)]
  const ranks = rankOfType[left] - rankOfType[right]
  if (ranks !== 0) return ranks
  switch (left) {
    case 'int32':
    case 'long':
    case 'double':
    case 'decimal128':
      return compareNumbers(a, b)
    case 'string':
    case 'symbol':
      return compareTexts(String(a), String(b))
    case 'document':
      return compareDocuments(a, b)
    case 'array':
      return compareArrays(a as unknown[], b as unknown[])
    case 'binary':
      return compareBinaries(a, b)
    case 'objectId':
      return compareHex(objectIdHex(a), objectIdHex(b))
    case 'bool':
      return Number(a) - Number(b)
    case 'date':
      return (a as Date).getTime() - (b as Date).getTime()
    case 'timestamp':
      return compareTimestamps(a, b)
    case 'regex':
      return compareTexts(...patternsOf(a, b)) || compareTexts(...optionsOf(a, b))
    case 'code':
      return compareCode(a as CodeValue, b as CodeValue)
    default:
      return 0
  }
}

/** By UTF-8 bytes, which sort as code points do and JavaScript's UTF-16 units do not. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function compareHex(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Field by field: rank of the value's type, then name, then value; the document that ends first is the lesser. */
function compareDocuments(a: unknown, b: unknown): number {
  const [left, right] = [entriesOf(a), entriesOf(b)]
  for (const [at, [name, value]] of left.entries()) {
    const other = right[at]
    if (other === undefined) return 1
    const difference =
      rankOfType[bsonTypeOf(value)] - rankOfType[bsonTypeOf(other[1])] ||
      compareTexts(name, other[0]) ||
      compareBson(value, other[1])
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

function compareArrays(a: readonly unknown[], b: readonly unknown[]): number {
  for (const [at, value] of a.entries()) {
    if (at >= b.length) return 1
    const difference = compareBson(value, b[at])
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Length first, then subtype, then bytes. */
function compareBinaries(a: unknown, b: unknown): number {
  const [left, right] = [bytesOf(a), bytesOf(b)]
  return (
    storedLength(a, left) - storedLength(b, right) ||
    subtypeOf(a) - subtypeOf(b) ||
    Buffer.compare(left, right)
  )
}

/** The old subtype holds its length once more in its content. */
function storedLength(value: unknown, bytes: Uint8Array): number {
  return bytes.length + (subtypeOf(value) === 2 ? 4 : 0)
}

function subtypeOf(value: unknown): number {
  return value instanceof Uint8Array ? 0 : (value as { sub_type: number }).sub_type
}

function compareTimestamps(a: unknown, b: unknown): number {
  const [left, right] = [unsigned(a), unsigned(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

function unsigned(value: unknown): bigint {
  return BigInt.asUintN(64, (value as { toBigInt(): bigint }).toBigInt())
}

type RegExpValue = RegExp | { pattern: string; options: string }

function patternsOf(a: unknown, b: unknown): [string, string] {
  const of = (value: RegExpValue) => (value instanceof RegExp ? value.source : value.pattern)
  return [of(a as RegExpValue), of(b as RegExpValue)]
}

function optionsOf(a: unknown, b: unknown): [string, string] {
  const of = (value: RegExpValue) => (value instanceof RegExp ? value.flags : value.options)
  return [of(a as RegExpValue), of(b as RegExpValue)]
}

interface CodeValue {
  code: string
  scope?: unknown
}

/** Code without a scope comes before code with one. */
function compareCode(a: CodeValue, b: CodeValue): number {
  const [left, right] = [hasScope(a), hasScope(b)]
  if (left !== right) return left ? 1 : -1
  return compareTexts(a.code, b.code) || (left ? compareDocuments(a.scope, b.scope) : 0)
}

function hasScope(value: CodeValue): boolean {
  return value.scope !== undefined && value.scope !== null
}
