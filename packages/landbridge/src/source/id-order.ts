import { type BsonType, bsonTypeOf } from '../mapping/bson-value.ts'
import { compareBson } from './bson-order.ts'

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
  'dbPointer',
  'javascript',
  'javascriptWithScope',
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
  code: 'javascript',
  maxKey: 'maxKey',
}

/** Brackets that are cut into ranges; the others hold an id or two, and are one range each. */
export const splittableBrackets: ReadonlySet<IdBracket> = new Set([
  'number',
  'string',
  'object',
  'binData',
  'objectId',
  'date',
  'timestamp',
])

export function bracketOf(rawId: unknown): IdBracket {
  const type = bsonTypeOf(rawId)
  if (type === 'code') {
    const { scope } = rawId as { scope?: unknown }
    return scope === undefined || scope === null ? 'javascript' : 'javascriptWithScope'
  }
  // Whatever a future server allows is compared as a document.
  return bracketOfType[type] ?? 'object'
}

/** The names that a `$type` query needs for a bracket. */
export function typeFilter(bracket: IdBracket): { $type: string | string[] } {
  return { $type: bracket === 'string' ? ['string', 'symbol'] : bracket }
}

/** Order of two ids as MongoDB sorts them. */
export function compareIds(a: unknown, b: unknown): number {
  const [left, right] = [bracketOf(a), bracketOf(b)]
  if (left !== right) return idBrackets.indexOf(left) - idBrackets.indexOf(right)
  return compareBson(a, b)
}
