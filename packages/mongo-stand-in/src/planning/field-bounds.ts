import type { Document } from 'bson'
import { compareValues } from '../bson/compare.ts'
import { isDocument, isNullish, isRegex, orderOfType, typeOf } from '../bson/value-type.ts'

export interface Bound {
  readonly value: unknown
  readonly inclusive: boolean
}

/** What a filter demands of one path, as far as an index can use it. Always a superset of what matches. */
export interface FieldBounds {
  /** The values of an equality or `$in`, in order and without repetition. */
  points?: unknown[]
  lower?: Bound
  upper?: Bound
  /** The rank that the type of the value must have. Of an array it is a demand on an element. */
  bracket?: number
}

/** Reads the conditions that every matching document fulfils: at the top level and under `$and`. */
export function fieldBounds(
  filter: Document,
  found = new Map<string, FieldBounds>(),
): Map<string, FieldBounds> {
  for (const [path, condition] of Object.entries(filter)) {
    if (path === '$and' && Array.isArray(condition)) {
      for (const part of condition) if (isDocument(part)) fieldBounds(part, found)
    } else if (!path.startsWith('$')) {
      const bounds = found.get(path) ?? {}
      readCondition(condition, bounds)
      if (Object.keys(bounds).length > 0) found.set(path, bounds)
    }
  }
  return found
}

function readCondition(condition: unknown, bounds: FieldBounds): void {
  if (!isDocument(condition) || !Object.keys(condition)[0]?.startsWith('$')) {
    if (isIndexable(condition)) bounds.points ??= [condition]
    return
  }
  for (const [operator, operand] of Object.entries(condition)) {
    if (operator === '$in') {
      if (Array.isArray(operand) && operand.every(isIndexable)) bounds.points ??= sortedPoints(operand)
    } else if (operator === '$type') {
      const bracket = bracketOf(operand)
      if (bracket !== undefined) bounds.bracket ??= bracket
    } else if (isIndexable(operand)) readOperator(operator, operand, bounds)
  }
}

function readOperator(operator: string, operand: unknown, bounds: FieldBounds): void {
  if (operator === '$eq') bounds.points ??= [operand]
  else if (operator === '$gt' || operator === '$gte') {
    bounds.lower ??= { value: operand, inclusive: operator === '$gte' }
  } else if (operator === '$lt' || operator === '$lte') {
    bounds.upper ??= { value: operand, inclusive: operator === '$lte' }
  }
}

/** The one rank of all types that `$type` names; undefined where they have several, or numbers stand for them. */
function bracketOf(operand: unknown): number | undefined {
  const names: unknown[] = Array.isArray(operand) ? operand : [operand]
  const orders = new Set(names.map((name) => (typeof name === 'string' ? orderOfType(name) : undefined)))
  return orders.size === 1 ? [...orders][0] : undefined
}

/** Null also matches missing fields, arrays match whole or by element, MinKey and MaxKey compare across types. */
function isIndexable(value: unknown): boolean {
  if (isNullish(value) || isRegex(value)) return false
  const type = typeOf(value)
  return type !== 'array' && type !== 'minKey' && type !== 'maxKey'
}

function sortedPoints(values: unknown[]): unknown[] {
  return values
    .toSorted((a, b) => compareValues(a, b))
    .filter((value, at, all) => at === 0 || compareValues(value, all[at - 1]) !== 0)
}
