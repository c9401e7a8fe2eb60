import { bsonTypeOf, numberOf } from '../mapping/bson-value.ts'
import { idFromBytes, idToBytes } from '../source/id-key.ts'
import { bracketOf, compareIds, type IdBracket, typeFilter } from '../source/id-order.ts'

/** A range of `_id`: [lower, upper) within one bracket of BSON types; an absent bound is an open end. */
export interface ChunkBounds {
  bracket: IdBracket
  lower?: unknown
  upper?: unknown
}

/** The query that finds the range's documents. */
export function boundsFilter(bounds: ChunkBounds): Record<string, unknown> {
  const range: Record<string, unknown> = {}
  if (bounds.lower !== undefined) range.$gte = bounds.lower
  if (bounds.upper !== undefined) range.$lt = bounds.upper
  // A comparison with a bound never leaves the bound's bracket; without a bound the bracket must be said.
  if (Object.keys(range).length === 0) return { _id: typeFilter(bounds.bracket) }
  // NaN sorts below every number, but `$lt` with a number does not find it: its document would be in no chunk.
  const holdsNaN = bounds.bracket === 'number' && bounds.lower === undefined
  return holdsNaN ? { $or: [{ _id: Number.NaN }, { _id: range }] } : { _id: range }
}

/** The same behind an id of the range, which has been read. */
export function boundsFilterAfter(bounds: ChunkBounds, last: unknown): Record<string, unknown> {
  // `$gt` with NaN finds nothing; what sorts next is the lowest number.
  const after = isNaNId(last) ? { $gte: Number.NEGATIVE_INFINITY } : { $gt: last }
  return { _id: bounds.upper === undefined ? after : { ...after, $lt: bounds.upper } }
}

function isNaNId(id: unknown): boolean {
  const type = bsonTypeOf(id)
  if (type === 'double') return Number.isNaN(numberOf(id))
  return type === 'decimal128' && String(id) === 'NaN'
}

export function isInBounds(rawId: unknown, bounds: ChunkBounds): boolean {
  if (bracketOf(rawId) !== bounds.bracket) return false
  if (bounds.lower !== undefined && compareIds(rawId, bounds.lower) < 0) return false
  return bounds.upper === undefined || compareIds(rawId, bounds.upper) < 0
}

export function boundToBytes(bound: unknown): Buffer | null {
  return bound === undefined ? null : idToBytes(bound)
}

export function boundFromBytes(bytes: Uint8Array | null): unknown {
  return bytes === null ? undefined : idFromBytes(bytes)
}
