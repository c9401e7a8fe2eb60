import { compareValues } from '../../bson/compare.ts'
import { addNumbers, divideNumbers, long, multiplyNumbers, subtractNumbers } from '../../bson/number.ts'
import { isNullish, isNumber, typeOf } from '../../bson/value-type.ts'
import { failedToParse, locationError, typeMismatch } from '../../server-error.ts'
import { compileExpression } from '../expression.ts'
import type { WindowFunctionCompiler } from './window-function.ts'

/** `$locf`: where there is no value, the last one before it. */
export const locf: WindowFunctionCompiler = (operand, { window, sortBy, env }) => {
  if (window !== undefined) throw failedToParse('$locf does not take a window')
  if (sortBy === undefined) throw failedToParse('$locf requires an explicit sortBy')
  const input = compileExpression(operand, env)
  return ({ scopes }) => {
    let last: unknown = null
    return scopes.map((scope) => {
      const value = input(scope)
      if (!isNullish(value)) last = value
      return last
    })
  }
}

interface Point {
  at: number
  x: unknown
  y: unknown
}

/** `$linearFill`: where there is no value, one on the line between its neighbours by the distance of the sort field. */
export const linearFill: WindowFunctionCompiler = (operand, { window, sortBy, env }) => {
  if (window !== undefined) throw failedToParse('$linearFill does not take a window')
  if (Object.keys(sortBy ?? {}).length !== 1) {
    throw locationError(
      605001,
      '$linearFill must be specified with a top level sortBy expression with exactly one element',
    )
  }
  const input = compileExpression(operand, env)
  return ({ scopes, sortValues }) => {
    assertAxis(sortValues)
    const values = scopes.map(input)
    const known: Point[] = []
    for (const [at, y] of values.entries()) {
      if (isNullish(y)) continue
      if (!isNumber(y))
        throw typeMismatch(`Value to be filled must be numeric or nullish, but found ${typeOf(y)}`)
      known.push({ at, x: sortValues[at], y })
    }
    let next = 0
    return values.map((value, at) => {
      if (!isNullish(value)) return value
      while ((known[next]?.at ?? Number.POSITIVE_INFINITY) < at) next++
      const [before, after] = [known[next - 1], known[next]]
      return before === undefined || after === undefined ? null : interpolate(before, after, sortValues[at])
    })
  }
}

/** y1 + (x - x1) * ((y2 - y1) / (x2 - x1)): the order of the steps decides on the last bit. */
function interpolate(from: Point, to: Point, x: unknown): unknown {
  const slope = divideNumbers(subtractNumbers(to.y, from.y), distance(to.x, from.x))
  return addNumbers(from.y, multiplyNumbers(distance(x, from.x), slope))
}

function distance(a: unknown, b: unknown): unknown {
  return a instanceof Date && b instanceof Date
    ? long(BigInt(a.getTime() - b.getTime()))
    : subtractNumbers(a, b)
}

function assertAxis(sortValues: readonly unknown[]): void {
  for (const [at, value] of sortValues.entries()) {
    if (!isNumber(value) && !(value instanceof Date)) {
      throw typeMismatch(`Value of the sortBy field must be numeric or a date, but found ${typeOf(value)}`)
    }
    if (at === 0) continue
    const previous = sortValues[at - 1]
    if (compareValues(previous, value) === 0) {
      throw locationError(6050106, 'There can be no repeated values in the sort field')
    }
    if (value instanceof Date !== previous instanceof Date) {
      throw typeMismatch(
        `Conflicting sort value types, previously received type ${typeOf(previous)}, but found ${typeOf(value)}`,
      )
    }
  }
}
