import { Int32 } from 'bson'
import { type Collation, compareValues } from '../../bson/compare.ts'
import { type OperatorTable, positional } from './operator.ts'

/** `$cmp` and the comparisons, which order all types and set no value below null. */
export const COMPARISON: OperatorTable = {
  $cmp: positional(
    '$cmp',
    [2, 2],
    ([a, b], { collation }) => new Int32(Math.sign(compareOperands(a, b, collation))),
  ),
  $eq: comparison('$eq', (difference) => difference === 0),
  $ne: comparison('$ne', (difference) => difference !== 0),
  $gt: comparison('$gt', (difference) => difference > 0),
  $gte: comparison('$gte', (difference) => difference >= 0),
  $lt: comparison('$lt', (difference) => difference < 0),
  $lte: comparison('$lte', (difference) => difference <= 0),
}

/** The order of expressions: as in sorts, but a missing value comes before null instead of equalling it. */
export function compareOperands(a: unknown, b: unknown, collation?: Collation): number {
  if (a === undefined || b === undefined) {
    if (a === b) return 0
    // Only MinKey lies below no value.
    return compareValues(a, b, collation) || (a === undefined ? -1 : 1)
  }
  return compareValues(a, b, collation)
}

function comparison(name: string, accepts: (difference: number) => boolean) {
  return positional(name, [2, 2], ([a, b], { collation }) => accepts(compareOperands(a, b, collation)))
}
