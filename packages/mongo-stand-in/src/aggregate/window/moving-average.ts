import { type Decimal128, Double, Int32 } from 'bson'
import { toDecimal128 } from '../../bson/decimal.ts'
import {
  addNumbers,
  divideNumbers,
  multiplyNumbers,
  numberType,
  subtractNumbers,
  toDecimal,
  toDouble,
  toSafeInteger,
} from '../../bson/number.ts'
import { isDocument, isNumber } from '../../bson/value-type.ts'
import { failedToParse } from '../../server-error.ts'
import { compileExpression } from '../expression.ts'
import type { WindowFunctionCompiler } from './window-function.ts'

const ONE = new Int32(1)

/**
 * `$expMovingAvg`: each number counts `alpha`, what came before it the rest; `N` stands for an alpha of 2/(N+1). It is
 * computed in decimals, and given back as a double as long as no Decimal128 came in.
 */
export const expMovingAvg: WindowFunctionCompiler = (operand, { window, sortBy, env }) => {
  if (window !== undefined || !isDocument(operand)) {
    throw failedToParse('$expMovingAvg must have exactly one argument that is an object')
  }
  if (sortBy === undefined) throw failedToParse("$expMovingAvg requires an explicit 'sortBy'")
  const { input, ...weight } = operand
  const alpha = weightOf(weight, input)
  const rest = subtractNumbers(ONE, alpha)
  const evaluate = compileExpression(input, env)
  return ({ scopes }) => {
    let current: unknown
    let decimal = false
    return scopes.map((scope) => {
      const value = evaluate(scope)
      if (isNumber(value)) {
        decimal ||= numberType(value) === 'decimal'
        const here = asDecimal(value)
        current =
          current === undefined
            ? here
            : addNumbers(multiplyNumbers(here, alpha), multiplyNumbers(current, rest))
      }
      if (current === undefined) return null
      return decimal ? current : new Double(toDouble(current))
    })
  }
}

function weightOf(weight: Record<string, unknown>, input: unknown): unknown {
  const [name, ...more] = Object.keys(weight)
  if (input === undefined || more.length > 0 || (name !== 'N' && name !== 'alpha')) {
    throw failedToParse(
      "$expMovingAvg sub object must have exactly two fields: An 'input' field, and either an 'N' field or an 'alpha' field",
    )
  }
  const value = weight[name]
  if (!isNumber(value)) throw failedToParse(`'${name}' must be a number`)
  if (name === 'alpha') {
    const alpha = toDouble(value)
    if (alpha > 0 && alpha < 1) return asDecimal(value)
    throw failedToParse(`'alpha' must be between 0 and 1 (exclusive), found ${alpha}`)
  }
  const count = toSafeInteger(value)
  if (count === undefined) throw failedToParse("'N' field must be an integer")
  if (count <= 0) throw failedToParse(`'N' must be greater than zero. Got ${count}`)
  return divideNumbers(toDecimal128(2), new Double(count + 1))
}

function asDecimal(value: unknown): Decimal128 {
  return toDecimal128(toDecimal(value))
}
