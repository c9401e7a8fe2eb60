import type { Collation } from '../bson/collation.ts'
import { compareValues } from '../bson/compare.ts'
import { typeOrder } from '../bson/value-type.ts'
import type { IndexField } from '../storage/index-definition.ts'
import type { Bound } from './field-bounds.ts'

/** Keys that begin with these values, the next field lying within the bounds, which must be of one type bracket. */
export interface KeyRange {
  readonly prefix: readonly unknown[]
  readonly lower?: Bound
  readonly upper?: Bound
  /** Without bounds: the rank that the next field's type must have. */
  readonly bracket?: number
}

/** Tells where a key lies to the range, in the order of the index. */
export function rangePlace(
  { prefix, lower, upper, bracket }: KeyRange,
  fields: readonly IndexField[],
  collation: Collation | undefined,
): (key: readonly unknown[]) => number {
  const inDirection = (at: number, order: number) => (fields[at]?.direction === -1 ? -order : order)
  const next = prefix.length
  const bounded = lower !== undefined || upper !== undefined
  return (key) => {
    for (let at = 0; at < next; at++) {
      const order = compareValues(key[at], prefix[at], collation)
      if (order !== 0) return inDirection(at, order)
    }
    if (bounded) return inDirection(next, placeInBounds(key[next], lower, upper, collation))
    return bracket === undefined ? 0 : inDirection(next, Math.sign(typeOrder(key[next]) - bracket))
  }
}

function placeInBounds(
  value: unknown,
  lower: Bound | undefined,
  upper: Bound | undefined,
  collation?: Collation,
): number {
  const bracket = typeOrder((lower ?? upper)?.value)
  const type = typeOrder(value)
  if (type !== bracket) return type < bracket ? -1 : 1
  if (lower !== undefined) {
    const order = compareValues(value, lower.value, collation)
    if (order < 0 || (order === 0 && !lower.inclusive)) return -1
  }
  if (upper !== undefined) {
    const order = compareValues(value, upper.value, collation)
    if (order > 0 || (order === 0 && !upper.inclusive)) return 1
  }
  return 0
}
