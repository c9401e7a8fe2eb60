import { Double, Int32 } from 'bson'
import { remainderOfDecimals } from '../../bson/decimal.ts'
import {
  decimalResult,
  divideNumbers,
  integerResult,
  multiplyNumbers,
  numberType,
  numericValue,
  subtractNumbers,
  toDouble,
  toInteger,
  widerType,
} from '../../bson/number.ts'
import { isNullish, isNumber, typeOf } from '../../bson/value-type.ts'
import { badValue, locationError, notSupported, typeMismatch } from '../../server-error.ts'
import { exactSum } from '../exact-sum.ts'
import { type OperatorTable, positional, unary } from './operator.ts'

const MANY = [0, Number.POSITIVE_INFINITY] as const
const SMALLEST_LONG = -(2n ** 63n)

/** Arithmetic with exact types: the result has the widest type of the arguments, an int past 32 bits is a long. */
export const ARITHMETIC: OperatorTable = {
  $add: positional('$add', MANY, (values) => addAll(values)),
  $subtract: positional('$subtract', [2, 2], ([a, b]) => subtract(a, b)),
  $multiply: positional('$multiply', MANY, (values) => {
    if (values.some(isNullish)) return null
    return values.reduce<unknown>(
      (product, value) => multiplyNumbers(product, checkNumber('$multiply', value)),
      new Int32(1),
    )
  }),
  $divide: positional('$divide', [2, 2], ([a, b]) => {
    if (isNullish(a) || isNullish(b)) return null
    checkNumber('$divide', a)
    if (isZero(checkNumber('$divide', b))) throw badValue("can't $divide by zero")
    return divideNumbers(a, b)
  }),
  $mod: positional('$mod', [2, 2], ([a, b]) => {
    if (isNullish(a) || isNullish(b)) return null
    checkNumber('$mod', a)
    if (isZero(checkNumber('$mod', b))) throw locationError(16610, "can't $mod by zero")
    return remainder(a, b)
  }),
  $abs: unary('$abs', (value) => {
    if (isNullish(value)) return null
    const negative = numericSign(checkSingleNumber('$abs', value)) < 0
    if (negative && numberType(value) === 'long' && toInteger(value) === SMALLEST_LONG)
      throw locationError(28680, "can't take $abs of long long min")
    return negative ? subtractNumbers(new Int32(0), value) : value
  }),
  $sqrt: real('$sqrt', Math.sqrt, (x) => x < 0, 28714),
  $exp: real('$exp', Math.exp),
  $ln: real('$ln', Math.log, (x) => x <= 0, 28766),
  $log10: real('$log10', Math.log10, (x) => x <= 0, 28761),
  $log: positional('$log', [2, 2], ([value, base]) => {
    if (isNullish(value) || isNullish(base)) return null
    if (!isNumber(value)) throw locationError(28756, `$log's argument must be numeric, not ${typeOf(value)}`)
    if (!isNumber(base)) throw locationError(28757, `$log's base must be numeric, not ${typeOf(base)}`)
    const x = realArgument('$log', value)
    const b = realArgument('$log', base)
    if (x <= 0) throw locationError(28758, `$log's argument must be a positive number, but is ${x}`)
    if (b <= 0 || b === 1)
      throw locationError(28759, `$log's base must be a positive number not equal to 1, but is ${b}`)
    return new Double(Math.log(x) / Math.log(b))
  }),
  $pow: positional('$pow', [2, 2], ([base, exponent]) => power(base, exponent)),
}

function addAll(values: unknown[]): unknown {
  if (values.some(isNullish)) return null
  const sum = exactSum()
  let date: Date | undefined
  for (const value of values) {
    if (value instanceof Date) {
      if (date !== undefined) throw locationError(16612, 'only one date allowed in an $add expression')
      date = value
    } else if (!isNumber(value)) {
      throw typeMismatch(`$add only supports numeric or date types, not ${typeOf(value)}`)
    } else {
      sum.add(value)
    }
  }
  const total = sum.result()
  return date === undefined ? total : new Date(date.getTime() + Math.round(toDouble(total)))
}

function subtract(a: unknown, b: unknown): unknown {
  if (isNullish(a) || isNullish(b)) return null
  if (a instanceof Date) {
    if (b instanceof Date) return integerResult(BigInt(a.getTime() - b.getTime()), 'long')
    if (isNumber(b)) return new Date(a.getTime() - Math.round(toDouble(b)))
  }
  if (!isNumber(a) || !isNumber(b)) throw typeMismatch(`can't $subtract ${typeOf(b)} from ${typeOf(a)}`)
  return subtractNumbers(a, b)
}

function remainder(a: unknown, b: unknown): unknown {
  const type = widerType(numberType(a) ?? 'int', numberType(b) ?? 'int')
  if (type === 'decimal') return decimalResult(a, b, remainderOfDecimals, (x, y) => x % y)
  if (type === 'double') return new Double(toDouble(a) % toDouble(b))
  return integerResult((toInteger(a) ?? 0n) % (toInteger(b) ?? 1n), type)
}

function power(base: unknown, exponent: unknown): unknown {
  if (isNullish(base) || isNullish(exponent)) return null
  if (!isNumber(base)) throw locationError(28762, `$pow's base must be numeric, not ${typeOf(base)}`)
  if (!isNumber(exponent))
    throw locationError(28763, `$pow's exponent must be numeric, not ${typeOf(exponent)}`)
  const type = widerType(numberType(base) ?? 'int', numberType(exponent) ?? 'int')
  if (type === 'decimal') throw notSupported('$pow of a Decimal128')
  const x = toDouble(base)
  const y = toDouble(exponent)
  if (x === 0 && y < 0) throw locationError(28764, '$pow cannot take a base of 0 and a negative exponent')
  // One and minus one have whole powers for negative exponents too.
  if (type !== 'double' && y < 0 && Math.abs(x) === 1)
    return integerResult(x === 1 || (toInteger(exponent) ?? 0n) % 2n === 0n ? 1n : -1n, type)
  // An integer power that would not fit 64 bits is a double; the size is known before it is computed.
  if (type === 'double' || y < 0 || Math.abs(x) ** y > 2 ** 64) return new Double(x ** y)
  const exact = (toInteger(base) ?? 0n) ** (toInteger(exponent) ?? 0n)
  return integerResult(exact, type) ?? new Double(x ** y)
}

function real(
  name: string,
  apply: (x: number) => number,
  refused: (x: number) => boolean = () => false,
  code = 28765,
) {
  return unary(name, (value) => {
    if (isNullish(value)) return null
    const x = realArgument(name, value)
    if (refused(x)) throw locationError(code, `${name}'s argument is out of range: ${x}`)
    return new Double(apply(x))
  })
}

function realArgument(name: string, value: unknown): number {
  if (numberType(checkSingleNumber(name, value)) === 'decimal') throw notSupported(`${name} of a Decimal128`)
  return toDouble(value)
}

function checkNumber(name: string, value: unknown): unknown {
  if (!isNumber(value)) throw typeMismatch(`${name} only supports numeric types, not ${typeOf(value)}`)
  return value
}

/** Operators with a single number have a code of their own for anything else. */
function checkSingleNumber(name: string, value: unknown): unknown {
  if (!isNumber(value))
    throw locationError(28765, `${name} only supports numeric types, not ${typeOf(value)}`)
  return value
}

function isZero(value: unknown): boolean {
  return numericSign(value) === 0
}

/** NaN has no sign. */
function numericSign(value: unknown): number {
  const numeric = numericValue(value)
  if (typeof numeric === 'object') return numeric.coefficient < 0n ? -1 : numeric.coefficient > 0n ? 1 : 0
  return numeric < 0 ? -1 : numeric > 0 ? 1 : Number.isNaN(numeric) ? Number.NaN : 0
}
