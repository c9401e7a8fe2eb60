import type { ChunkBounds } from '../../backfill/chunk-bounds.ts'
import { bracketOf, compareIds, idBrackets } from '../id-order.ts'
import { readRecords } from './sort-index.ts'

/** Every so many records one place is held in memory. */
const STEP = 1_000

/** Where a record of the index file begins. */
export interface SparsePlace {
  id: unknown
  at: number
}

export async function sparseIndex(path: string): Promise<SparsePlace[]> {
  const places: SparsePlace[] = []
  let n = 0
  for await (const { id, at } of readRecords(path)) {
    if (n++ % STEP === 0) places.push({ id, at })
  }
  return places
}

/** A place at or before the first record of a range; undefined for an index without records. */
export function firstPlaceIn(places: readonly SparsePlace[], bounds: ChunkBounds): number | undefined {
  let [low, high] = [0, places.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const place = places[middle]
    if (place !== undefined && isBelow(place.id, bounds)) low = middle + 1
    else high = middle
  }
  return places[Math.max(0, low - 1)]?.at
}

/** Whether an id sorts before everything in the range. */
export function isBelow(id: unknown, { bracket, lower }: ChunkBounds): boolean {
  const brackets = idBrackets.indexOf(bracketOf(id)) - idBrackets.indexOf(bracket)
  if (brackets !== 0) return brackets < 0
  return lower !== undefined && compareIds(id, lower) < 0
}
