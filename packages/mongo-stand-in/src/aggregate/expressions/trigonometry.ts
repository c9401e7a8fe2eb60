import { Double } from 'bson'
import { multiplyDecimals, toDecimal128 } from '../../bson/decimal.ts'
import { numberType, toDecimal, toDouble } from '../../bson/number.ts'
import { isNullish, isNumber, typeOf } from '../../bson/value-type.ts'
import { locationError, notSupported } from '../../server-error.ts'
import { type OperatorCompiler, type OperatorTable, positional, unary } from './operator.ts'

/** π/180 and 180/π to the 34 digits of a Decimal128. */
const RADIANS_OF_DEGREE = { coefficient: 1745329251994329576923690768488613n, exponent: -35 }
const DEGREES_OF_RADIAN = { coefficient: 5729577951308232087679815481410517n, exponent: -32 }

interface Interval {
  least: number
  most: number
  /** Whether the ends belong to it; infinity never does where it is no result. */
  closed: boolean
}

const FINITE: Interval = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY, closed: false }
const UNIT: Interval = { least: -1, most: 1, closed: true }

/** Angles in radians; results are doubles. Decimal128 would need 34 exact digits and is refused by name. */
export const TRIGONOMETRY: OperatorTable = {
  $sin: angle('$sin', Math.sin, FINITE),
  $cos: angle('$cos', Math.cos, FINITE),
  $tan: angle('$tan', Math.tan, FINITE),
  $asin: angle('$asin', Math.asin, UNIT),
  $acos: angle('$acos', Math.acos, UNIT),
  $atan: angle('$atan', Math.atan),
  $sinh: angle('$sinh', Math.sinh),
  $cosh: angle('$cosh', Math.cosh),
  $tanh: angle('$tanh', Math.tanh),
  $asinh: angle('$asinh', Math.asinh),
  $acosh: angle('$acosh', Math.acosh, { least: 1, most: Number.POSITIVE_INFINITY, closed: true }),
  $atanh: angle('$atanh', Math.atanh, UNIT),
  $atan2: positional('$atan2', [2, 2], ([y, x]) => {
    if (isNullish(y) || isNullish(x)) return null
    if (!isNumber(y)) throw locationError(51044, `$atan2 only supports numeric types, not ${typeOf(y)}`)
    if (!isNumber(x)) throw locationError(51045, `$atan2 only supports numeric types, not ${typeOf(x)}`)
    if (isDecimal(y) || isDecimal(x)) throw notSupported('$atan2 of a Decimal128')
    return new Double(Math.atan2(toDouble(y), toDouble(x)))
  }),
  $degreesToRadians: scaled('$degreesToRadians', RADIANS_OF_DEGREE, (degrees) => degrees * (Math.PI / 180)),
  $radiansToDegrees: scaled('$radiansToDegrees', DEGREES_OF_RADIAN, (radians) => radians * (180 / Math.PI)),
}

function angle(name: string, apply: (x: number) => number, domain?: Interval): OperatorCompiler {
  return unary(name, (value) => {
    if (isNullish(value)) return null
    checkNumber(name, value)
    if (isDecimal(value)) throw notSupported(`${name} of a Decimal128`)
    const x = toDouble(value)
    if (domain !== undefined && !Number.isNaN(x) && !lies(x, domain)) throw outOfDomain(name, x, domain)
    return new Double(apply(x))
  })
}

function scaled(
  name: string,
  factor: { coefficient: bigint; exponent: number },
  apply: (x: number) => number,
): OperatorCompiler {
  return unary(name, (value) => {
    if (isNullish(value)) return null
    checkNumber(name, value)
    if (!isDecimal(value)) return new Double(apply(toDouble(value)))
    const decimal = toDecimal(value)
    return toDecimal128(typeof decimal === 'number' ? decimal : multiplyDecimals(decimal, factor))
  })
}

function lies(x: number, { least, most, closed }: Interval): boolean {
  return closed ? x >= least && x <= most : x > least && x < most
}

function outOfDomain(name: string, x: number, { least, most, closed }: Interval): Error {
  const [open, close] = closed ? ['[', ']'] : ['(', ')']
  const text = (bound: number) => String(bound).replace('Infinity', 'inf')
  return locationError(
    50989,
    `cannot apply ${name} to ${text(x)}, value must be in ${open}${text(least)},${text(most)}${close}`,
  )
}

function checkNumber(name: string, value: unknown): void {
  if (!isNumber(value))
    throw locationError(28765, `${name} only supports numeric types, not ${typeOf(value)}`)
}

function isDecimal(value: unknown): boolean {
  return numberType(value) === 'decimal'
}
