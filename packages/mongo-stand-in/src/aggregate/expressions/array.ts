import { Int32 } from 'bson'
import { compareValues } from '../../bson/compare.ts'
import { toSafeInteger } from '../../bson/number.ts'
import { setOwnField } from '../../bson/path.ts'
import { isDocument, isNullish, isNumber, typeOf } from '../../bson/value-type.ts'
import { locationError } from '../../server-error.ts'
import { compareOperands } from './comparison.ts'
import { named, type OperatorContext, type OperatorTable, positional, unary } from './operator.ts'

const MANY = [0, Number.POSITIVE_INFINITY] as const

/** Expressions on arrays that need no variable of their own. */
export const ARRAY: OperatorTable = {
  $arrayElemAt: positional('$arrayElemAt', [2, 2], ([array, index]) => {
    if (isNullish(array) || isNullish(index)) return null
    const elements = arrayOf('$arrayElemAt', array, 28689)
    return elements.at(integerOf('$arrayElemAt', index, [28690, 28691]))
  }),
  $first: unary('$first', (array) => (isNullish(array) ? null : arrayOf('$first', array, 28689)[0])),
  $last: unary('$last', (array) => (isNullish(array) ? null : arrayOf('$last', array, 28689).at(-1))),
  $concatArrays: positional('$concatArrays', MANY, (arrays) => {
    if (arrays.some(isNullish)) return null
    return arrays.flatMap((array) => arrayOf('$concatArrays', array, 28664))
  }),
  $in: positional('$in', [2, 2], ([wanted, array], { collation }) =>
    arrayOf('$in', array, 40081).some((element) => compareOperands(element, wanted, collation) === 0),
  ),
  $indexOfArray: positional('$indexOfArray', [2, 4], (values, context) => indexOfArray(values, context)),
  $isArray: unary('$isArray', (value) => Array.isArray(value)),
  $range: positional('$range', [2, 3], ([start, end, step = new Int32(1)]) => range(start, end, step)),
  $reverseArray: unary('$reverseArray', (array) =>
    isNullish(array) ? null : arrayOf('$reverseArray', array, 34435).toReversed(),
  ),
  $size: unary('$size', (array) => new Int32(arrayOf('$size', array, 17124).length)),
  $slice: positional('$slice', [2, 3], (values) => slice(values)),
  $firstN: named('$firstN', { required: ['input', 'n'] }, ({ input, n }) =>
    arrayOf('$firstN', input, 5788200).slice(0, countOf('$firstN', n)),
  ),
  $lastN: named('$lastN', { required: ['input', 'n'] }, ({ input, n }) =>
    arrayOf('$lastN', input, 5788200).slice(-countOf('$lastN', n)),
  ),
  $maxN: named('$maxN', { required: ['input', 'n'] }, ({ input, n }, { collation }) =>
    extremes(arrayOf('$maxN', input, 5788200), (a, b) => compareValues(b, a, collation), countOf('$maxN', n)),
  ),
  $minN: named('$minN', { required: ['input', 'n'] }, ({ input, n }, { collation }) =>
    extremes(arrayOf('$minN', input, 5788200), (a, b) => compareValues(a, b, collation), countOf('$minN', n)),
  ),
  $arrayToObject: unary('$arrayToObject', (array) => {
    if (isNullish(array)) return null
    const result = {}
    for (const pair of arrayOf('$arrayToObject', array, 40386)) setOwnField(result, ...fieldOf(pair))
    return result
  }),
  $zip: named('$zip', { required: ['inputs'], optional: ['useLongestLength', 'defaults'] }, zip),
}

/** The argument as an array, or the operator's own error. */
export function arrayOf(name: string, value: unknown, code: number): unknown[] {
  if (!Array.isArray(value))
    throw locationError(code, `The argument to ${name} must be an array, but was of type: ${typeOf(value)}`)
  return value
}

/** The argument as an integer of 32 bits; the codes are those for no number, and for one that is no such integer. */
export function integerOf(
  name: string,
  value: unknown,
  [notNumeric, notIntegral]: readonly [notNumeric: number, notIntegral: number],
): number {
  const integer = toSafeInteger(value)
  if (integer === undefined || integer !== (integer | 0)) {
    throw locationError(
      isNumber(value) ? notIntegral : notNumeric,
      `${name}'s argument cannot be represented as a 32-bit integer: ${typeOf(value)}`,
    )
  }
  return integer
}

/** The `n` of `$firstN` and its kin: an integer above zero. */
export function countOf(name: string, value: unknown): number {
  const count = toSafeInteger(value)
  if (count === undefined || count < 1) throw locationError(5787908, `'n' must be greater than 0, in ${name}`)
  return count
}

/** The first `count` elements of an order, without nulls, as `$minN` and `$maxN` give them. */
export function extremes(
  values: unknown[],
  order: (a: unknown, b: unknown) => number,
  count: number,
): unknown[] {
  return values
    .filter((value) => !isNullish(value))
    .sort(order)
    .slice(0, count)
}

function indexOfArray([array, wanted, from, to]: unknown[], { collation }: OperatorContext): Int32 | null {
  if (isNullish(array)) return null
  const elements = arrayOf('$indexOfArray', array, 40090)
  const start = from === undefined ? 0 : indexOperand('$indexOfArray', 'starting', from)
  const end = Math.min(
    elements.length,
    to === undefined ? elements.length : indexOperand('$indexOfArray', 'ending', to),
  )
  for (let at = start; at < end; at++) {
    if (compareOperands(elements[at], wanted, collation) === 0) return new Int32(at)
  }
  return new Int32(-1)
}

/** A start or end of `$indexOfArray`, `$indexOfBytes` and `$indexOfCP`: an integer that is not negative. */
export function indexOperand(name: string, which: 'starting' | 'ending', value: unknown): number {
  const index = integerOf(name, value, [40096, 40096])
  if (index < 0) throw locationError(40097, `${name} requires a nonnegative ${which} index, found: ${index}`)
  return index
}

function range(start: unknown, end: unknown, step: unknown): Int32[] {
  const from = integerOf('$range', start, [34443, 34444])
  const to = integerOf('$range', end, [34445, 34446])
  const by = integerOf('$range', step, [34447, 34448])
  if (by === 0) throw locationError(34449, '$range requires a non-zero step value')
  const numbers: Int32[] = []
  for (let at = from; by > 0 ? at < to : at > to; at += by) numbers.push(new Int32(at))
  return numbers
}

function slice([array, first, second]: unknown[]): unknown[] | null {
  if (isNullish(array) || first === null || second === null) return null
  const elements = arrayOf('$slice', array, 28724)
  const position = integerOf('$slice', first, [28725, 28726])
  if (second === undefined) return position >= 0 ? elements.slice(0, position) : elements.slice(position)
  const count = integerOf('$slice', second, [28727, 28728])
  if (count <= 0) throw locationError(28729, 'Third argument to $slice must be positive')
  const from = position < 0 ? Math.max(0, elements.length + position) : position
  return elements.slice(from, from + count)
}

function fieldOf(pair: unknown): [name: string, value: unknown] {
  if (Array.isArray(pair) && pair.length === 2 && typeof pair[0] === 'string') return [pair[0], pair[1]]
  if (isDocument(pair) && Object.keys(pair).length === 2 && typeof pair.k === 'string' && 'v' in pair)
    return [pair.k, pair.v]
  throw locationError(
    40392,
    '$arrayToObject requires an array of [key, value] pairs or of documents with fields k and v',
  )
}

function zip({ inputs, useLongestLength, defaults }: Record<string, unknown>): unknown[][] | null {
  if (defaults !== undefined && useLongestLength !== true)
    throw locationError(34466, "cannot specify 'defaults' unless 'useLongestLength' is true")
  const arrays = arrayOf('$zip', inputs, 34461)
  if (arrays.some(isNullish)) return null
  const lists = arrays.map((array) => arrayOf('$zip', array, 34468))
  const lengths = lists.map((list) => list.length)
  const length = useLongestLength === true ? Math.max(0, ...lengths) : Math.min(...lengths)
  const fill = isNullish(defaults) ? [] : arrayOf('$zip', defaults, 34462)
  return Array.from({ length }, (_, at) => lists.map((list, which) => list[at] ?? fill[which] ?? null))
}
