import { type BsonType, bsonTypeOf, numberOf, objectIdHex } from '../mapping/bson-value.ts'
import { idToBytes } from './id-key.ts'

/**
 * MongoDB compares only values of one bracket with each other; a range of `_id` never leaves its bracket. An `_id`
 * is never an array, a regular expression or undefined.
 */
export const idBrackets = [
  'minKey',
  'null',
  'number',
  'string',
  'object',
  'binData',
  'objectId',
  'bool',
  'date',
  'timestamp',
  'maxKey',
] as const
export type IdBracket = (typeof idBrackets)[number]

const bracketOfType: Partial<Record<BsonType, IdBracket>> = {
  minKey: 'minKey',
  null: 'null',
  int32: 'number',
  long: 'number',
  double: 'number',
  decimal128: 'number',
  string: 'string',
  symbol: 'string',
  document: 'object',
  binary: 'binData',
  objectId: 'objectId',
  bool: 'bool',
  date: 'date',
  timestamp: 'timestamp',
  maxKey: 'maxKey',
}

/** Brackets that are cut into ranges; the order of the others is not needed, they are one range each. */
export const splittableBrackets: ReadonlySet<IdBracket> = new Set(['objectId', 'string', 'number', 'date'])

export function bracketOf(rawId: unknown): IdBracket {
  const type = bsonTypeOf(rawId)
  // Whatever a future server allows is compared as a document: one range, never cut.
  return bracketOfType[type] ?? 'object'
}

/** The names that a `$type` query needs for a bracket. */
export function typeFilter(bracket: IdBracket): { $type: string | string[] } {
  return { $type: bracket === 'string' ? ['string', 'symbol'] : bracket }
}

/** Order of two ids as MongoDB has it, within a bracket that can be cut; a stable order in every other case. */
export function compareIds(a: unknown, b: unknown): number {
  const [left, right] = [bracketOf(a), bracketOf(b)]
  if (left !== right) return idBrackets.indexOf(left) - idBrackets.indexOf(right)
  switch (left) {
    case 'objectId':
      return compareTexts(objectIdHex(a), objectIdHex(b))
    case 'string':
      return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)))
    case 'date':
      return (a as Date).getTime() - (b as Date).getTime()
    case 'number':
      return compareNumbers(a, b)
    default:
      return Buffer.compare(idToBytes(a), idToBytes(b))
  }
}

function compareNumbers(a: unknown, b: unknown): number {
  const [left, right] = [exactInteger(a), exactInteger(b)]
  if (left !== undefined && right !== undefined) return left < right ? -1 : left > right ? 1 : 0
  const [x, y] = [approximate(a), approximate(b)]
  return x < y ? -1 : x > y ? 1 : 0
}

function exactInteger(value: unknown): bigint | undefined {
  const type = bsonTypeOf(value)
  if (type === 'long') return BigInt(String(value))
  if (type !== 'int32' && type !== 'double') return undefined
  const number = numberOf(value)
  return Number.isInteger(number) ? BigInt(number) : undefined
}

function approximate(value: unknown): number {
  const type = bsonTypeOf(value)
  return type === 'int32' || type === 'double' ? numberOf(value) : Number(String(value))
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
