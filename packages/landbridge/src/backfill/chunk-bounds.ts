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
  return { _id: Object.keys(range).length === 0 ? typeFilter(bounds.bracket) : range }
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
