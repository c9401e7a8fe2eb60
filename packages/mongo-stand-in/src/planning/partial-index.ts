import type { Document } from 'bson'
import { compareValues, equalValues } from '../bson/compare.ts'
import { isDocument, typeOrder } from '../bson/value-type.ts'
import type { Bound, FieldBounds } from './field-bounds.ts'

/**
 * Whether every document that the filter selects is in an index with this partial filter: each of its conditions stands
 * in the filter as it is, or follows from what the filter demands of the path. `usable` tells which values the index and
 * the query compare alike. Anything that is not understood is not implied.
 */
export function impliesPartialFilter(
  partialFilter: Document,
  filter: Document,
  bounds: ReadonlyMap<string, FieldBounds>,
  usable: (value: unknown) => boolean,
): boolean {
  return Object.entries(partialFilter).every(([path, condition]) => {
    if (Object.hasOwn(filter, path) && usable(condition) && equalValues(filter[path], condition)) return true
    const known = bounds.get(path)
    if (path.startsWith('$') || known === undefined) return false
    return operatorsOf(condition).every(([operator, operand]) => follows(operator, operand, known, usable))
  })
}

function operatorsOf(condition: unknown): Array<[string, unknown]> {
  const isOperators = isDocument(condition) && Object.keys(condition)[0]?.startsWith('$') === true
  return isOperators ? Object.entries(condition) : [['$eq', condition]]
}

function follows(
  operator: string,
  operand: unknown,
  { points, lower, upper }: FieldBounds,
  usable: (value: unknown) => boolean,
): boolean {
  // Bounds are never null: whatever they select has the field.
  if (operator === '$exists') return operand === true
  if (!usable(operand)) return false
  if (points !== undefined) return points.every((point) => usable(point) && passes(point, operator, operand))
  if (operator === '$gt' || operator === '$gte')
    return lower !== undefined && usable(lower.value) && isWithin(lower, operator, operand)
  if (operator === '$lt' || operator === '$lte')
    return upper !== undefined && usable(upper.value) && isWithin(upper, operator, operand)
  return false
}

function passes(value: unknown, operator: string, operand: unknown): boolean {
  if (typeOrder(value) !== typeOrder(operand)) return false
  const difference = compareValues(value, operand)
  if (operator === '$eq') return difference === 0
  if (operator === '$gt') return difference > 0
  if (operator === '$gte') return difference >= 0
  if (operator === '$lt') return difference < 0
  return operator === '$lte' && difference <= 0
}

/** A bound that leaves its own value out may stand at the border that the partial filter leaves out. */
function isWithin({ value, inclusive }: Bound, operator: string, operand: unknown): boolean {
  const atBorder = inclusive ? operator : operator.slice(0, 3).concat('e')
  return passes(value, atBorder, operand)
}
