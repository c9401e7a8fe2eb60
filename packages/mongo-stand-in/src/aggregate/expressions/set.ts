import type { Collation } from '../../bson/compare.ts'
import { indexKey } from '../../bson/index-key.ts'
import { isTrue } from '../../bson/truth.ts'
import { isNullish } from '../../bson/value-type.ts'
import { arrayOf } from './array.ts'
import { type OperatorTable, positional, unary } from './operator.ts'

const MANY = [0, Number.POSITIVE_INFINITY] as const

/** Expressions that take arrays as sets: order and repetition do not count. */
export const SET: OperatorTable = {
  $setUnion: positional('$setUnion', MANY, (arrays, { collation }) => {
    if (arrays.some(isNullish)) return null
    const union = new Map<string, unknown>()
    for (const array of arrays) {
      for (const [key, value] of setOf('$setUnion', array, collation, 17043))
        if (!union.has(key)) union.set(key, value)
    }
    return [...union.values()]
  }),
  $setIntersection: positional('$setIntersection', MANY, (arrays, { collation }) => {
    if (arrays.some(isNullish)) return null
    const [first, ...others] = arrays.map((array) => setOf('$setIntersection', array, collation, 17047))
    if (first === undefined) return []
    return [...first].filter(([key]) => others.every((other) => other.has(key))).map(([, value]) => value)
  }),
  $setDifference: positional('$setDifference', [2, 2], ([a, b], { collation }) => {
    if (isNullish(a) || isNullish(b)) return null
    const from = setOf('$setDifference', a, collation, 17048)
    const without = setOf('$setDifference', b, collation, 17049)
    return [...from].filter(([key]) => !without.has(key)).map(([, value]) => value)
  }),
  $setEquals: positional('$setEquals', [2, Number.POSITIVE_INFINITY], (arrays, { collation }) => {
    const [first, ...others] = arrays.map((array) => setOf('$setEquals', array, collation, 17044))
    return others.every(
      (other) => other.size === first?.size && [...other.keys()].every((key) => first.has(key)),
    )
  }),
  $setIsSubset: positional('$setIsSubset', [2, 2], ([a, b], { collation }) => {
    const part = setOf('$setIsSubset', a, collation, 17046)
    const whole = setOf('$setIsSubset', b, collation, 17042)
    return [...part.keys()].every((key) => whole.has(key))
  }),
  $allElementsTrue: unary('$allElementsTrue', (array) =>
    arrayOf('$allElementsTrue', array, 17040).every(isTrue),
  ),
  $anyElementTrue: unary('$anyElementTrue', (array) => arrayOf('$anyElementTrue', array, 17041).some(isTrue)),
}

function setOf(
  name: string,
  value: unknown,
  collation: Collation | undefined,
  code: number,
): Map<string, unknown> {
  const set = new Map<string, unknown>()
  for (const element of arrayOf(name, value, code)) {
    const key = indexKey(element, collation)
    if (!set.has(key)) set.set(key, element)
  }
  return set
}
