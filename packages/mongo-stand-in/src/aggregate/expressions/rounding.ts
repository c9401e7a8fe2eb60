import { Double, Int32 } from 'bson'
import {
  decimalOfDouble,
  decimalToDouble,
  quantize,
  type Rounding,
  toDecimal128,
} from '../../bson/decimal.ts'
import { integerResult, numberType, toDecimal, toDouble, toInteger } from '../../bson/number.ts'
import { isNullish, isNumber, typeOf } from '../../bson/value-type.ts'
import { locationError } from '../../server-error.ts'
import { type OperatorTable, positional, unary } from './operator.ts'

/** Rounding keeps the type of its argument. */
export const ROUNDING: OperatorTable = {
  $ceil: unary('$ceil', (value) => roundWhole('$ceil', value, 'ceil')),
  $floor: unary('$floor', (value) => roundWhole('$floor', value, 'floor')),
  $round: positional('$round', [1, 2], ([value, places = new Int32(0)]) =>
    roundTo('$round', value, places, 'half-even'),
  ),
  $trunc: positional('$trunc', [1, 2], ([value, places = new Int32(0)]) =>
    roundTo('$trunc', value, places, 'down'),
  ),
}

function roundWhole(name: string, value: unknown, rounding: Rounding): unknown {
  if (!isNullish(value) && !isNumber(value))
    throw locationError(28765, `${name} only supports numeric types, not ${typeOf(value)}`)
  return roundTo(name, value, new Int32(0), rounding)
}

function roundTo(name: string, value: unknown, places: unknown, rounding: Rounding): unknown {
  if (isNullish(value) || isNullish(places)) return null
  if (!isNumber(value))
    throw locationError(51081, `${name} only supports numeric types, not ${typeOf(value)}`)
  const digits = toInteger(places)
  if (digits === undefined)
    throw locationError(51082, `precision argument to ${name} must be an integral value`)
  if (digits < -20n || digits > 100n) {
    throw locationError(51083, `cannot apply ${name} with a precision value outside [-20, 100]`)
  }
  const type = numberType(value)
  if (type === 'decimal') {
    const decimal = toDecimal(value)
    return toDecimal128(typeof decimal === 'number' ? decimal : quantize(decimal, Number(digits), rounding))
  }
  if (type === 'double') return roundDouble(toDouble(value), Number(digits), rounding)
  const { coefficient, exponent } = quantize(
    { coefficient: toInteger(value) ?? 0n, exponent: 0 },
    Number(digits),
    rounding,
  )
  const rounded = integerResult(coefficient * 10n ** BigInt(exponent), type ?? 'int')
  if (rounded === undefined) throw locationError(51080, `the result of ${name} does not fit a long`)
  return rounded
}

function roundDouble(value: number, digits: number, rounding: Rounding): Double {
  if (!Number.isFinite(value)) return new Double(value)
  return new Double(decimalToDouble(quantize(decimalOfDouble(value), digits, rounding)))
}
