import { Double, Int32 } from 'bson'
import {
  addNumbers,
  divideNumbers,
  long,
  multiplyNumbers,
  subtractNumbers,
  toDouble,
} from '../../bson/number.ts'
import { isDocument, isNullish, isNumber } from '../../bson/value-type.ts'
import { failedToParse, locationError } from '../../server-error.ts'
import { compileExpression, type Evaluate } from '../expression.ts'
import type { Partition } from './partition.ts'
import { parseWindow, WHOLE_PARTITION, type WindowEnds, windowEnds } from './window-bounds.ts'
import type { WindowEnvironment, WindowFunctionCompiler } from './window-function.ts'

const UNIT_MILLIS: Readonly<Record<string, number>> = {
  week: 604_800_000,
  day: 86_400_000,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
}

/** `$derivative`: how fast the input changes over the sort field, between the ends of the window. */
export const derivative: WindowFunctionCompiler = (operand, environment) => {
  const { input, unit } = slopeArguments('$derivative', operand, environment)
  if (environment.window === undefined) throw failedToParse('$derivative requires explicit window bounds')
  const bounds = parseWindow(environment.window, environment.sortBy)
  return (partition) =>
    partition.scopes.map((_scope, at) => {
      const ends = windowEnds(bounds, partition, at)
      return ends === undefined ? null : rate(partition, ends, input, unit)
    })
}

/** `$integral`: the area below the input over the sort field, by trapezoids between neighbours of the window. */
export const integral: WindowFunctionCompiler = (operand, environment) => {
  const { input, unit } = slopeArguments('$integral', operand, environment)
  const bounds =
    environment.window === undefined ? WHOLE_PARTITION : parseWindow(environment.window, environment.sortBy)
  return (partition) => {
    const values = partition.scopes.map(input)
    return values.map((_value, at) => {
      const ends = windowEnds(bounds, partition, at)
      return ends === undefined ? null : area(partition, ends, values, unit)
    })
  }
}

function rate(
  { sortValues, scopes }: Partition,
  [first, last]: Exclude<WindowEnds, undefined>,
  input: Evaluate,
  unit: number | undefined,
): unknown {
  const [from, to] = [sortValues[first], sortValues[last]]
  if (unit !== undefined) {
    if (!(from instanceof Date && to instanceof Date)) {
      throw locationError(5624900, "$derivative with 'unit' expects the sortBy field to be a Date")
    }
  } else if (from instanceof Date || to instanceof Date) {
    throw locationError(5624901, "$derivative where the sortBy is a Date requires an 'unit'")
  } else if (!isNumber(from) || !isNumber(to)) {
    throw locationError(5624902, "$derivative (with no 'unit') expects the sortBy field to be numeric")
  }
  const [before, after] = [first, last].map((at) => {
    const scope = scopes[at]
    return scope === undefined ? undefined : input(scope)
  })
  if (isNullish(before) || isNullish(after)) {
    throw locationError(5624903, '$derivative input must not be null or missing')
  }
  const run = distance(to, from)
  // A window of one document has no slope; that is no error.
  if (toDouble(run) === 0) return null
  const slope = divideNumbers(distance(after, before), run)
  return unit === undefined ? slope : multiplyNumbers(slope, long(BigInt(unit)))
}

function area(
  { sortValues }: Partition,
  [first, last]: Exclude<WindowEnds, undefined>,
  values: readonly unknown[],
  unit: number | undefined,
): unknown {
  let total: unknown = new Int32(0)
  for (let at = first; at <= last; at++) {
    const [x, y] = [sortValues[at], values[at]]
    checkPoint(x, y, unit)
    if (isNan(x) || isNan(y)) return new Double(Number.NaN)
    if (at === first) continue
    const base = distance(x, sortValues[at - 1])
    const trapezoid = divideNumbers(multiplyNumbers(addNumbers(y, values[at - 1]), base), new Double(2))
    total = addNumbers(total, trapezoid)
  }
  return unit === undefined ? total : divideNumbers(total, long(BigInt(unit)))
}

function checkPoint(x: unknown, y: unknown, unit: number | undefined): void {
  if (!isNumber(y) || !(isNumber(x) || x instanceof Date)) {
    throw locationError(
      5423900,
      'The input value of $integral window function must be a vector of 2 value, the first value must be numeric or date type and the second must be numeric.',
    )
  }
  if (unit !== undefined && !(x instanceof Date)) {
    throw locationError(5423901, "$integral with 'unit' expects the sortBy field to be a Date")
  }
  if (unit === undefined && x instanceof Date) {
    throw locationError(5423902, "$integral (with no 'unit') expects the sortBy field to be numeric")
  }
}

function distance(a: unknown, b: unknown): unknown {
  if (a instanceof Date && b instanceof Date) return long(BigInt(a.getTime() - b.getTime()))
  return subtractNumbers(a, b)
}

function isNan(value: unknown): boolean {
  return isNumber(value) && Number.isNaN(toDouble(value))
}

function slopeArguments(
  name: string,
  operand: unknown,
  { sortBy, env }: WindowEnvironment,
): { input: Evaluate; unit: number | undefined } {
  if (!isDocument(operand)) throw failedToParse(`${name} only supports an object as its argument`)
  const { input, unit, ...unknown } = operand
  const [extra] = Object.keys(unknown)
  if (extra !== undefined) throw failedToParse(`${name} got unexpected argument: ${extra}`)
  if (input === undefined) throw failedToParse(`${name} requires an 'input' expression`)
  if (Object.keys(sortBy ?? {}).length !== 1)
    throw failedToParse(`${name} requires a sortBy with exactly one element`)
  const millis = typeof unit === 'string' ? UNIT_MILLIS[unit] : undefined
  if (unit !== undefined && millis === undefined) {
    throw locationError(5490704, "unit must be 'week' or smaller")
  }
  return { input: compileExpression(input, env), unit: millis }
}
