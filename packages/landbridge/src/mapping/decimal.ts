/*
 * Exact decimal numbers as text. `normalise` gives every number one spelling ("1.5", "-0.001", "0"), so that what a
 * numeric column returns ("1.500000000000000000") can be compared with what went in.
 */
import { Decimal128 } from 'bson'
import { type BsonType, numberOf } from './bson-value.ts'

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,5}))?$/

/** The one spelling of a decimal number, without exponent, leading or trailing zeros; undefined if it is none. */
export function normaliseDecimal(text: string): string | undefined {
  const match = DECIMAL.exec(text)
  if (match === null) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  const point = whole.length + Number(exponent)
  const digits = whole + fraction
  const wholePart = point <= 0 ? '' : digits.slice(0, point).padEnd(point, '0')
  const fractionPart = point <= 0 ? '0'.repeat(-point) + digits : digits.slice(point)
  const w = wholePart.replace(/^0+/, '') || '0'
  const f = fractionPart.slice(0, endWithoutZeros(fractionPart))
  const unsigned = f === '' ? w : `${w}.${f}`
  return sign === '-' && unsigned !== '0' ? `-${unsigned}` : unsigned
}

/** Not `/0+$/`: on the thousands of zeros of 1E-6176 that would take their square. */
function endWithoutZeros(fraction: string): number {
  let end = fraction.length
  while (end > 0 && fraction[end - 1] === '0') end--
  return end
}

/** The exact number in a BSON number; a Double counts as its shortest decimal. Undefined for NaN and Infinity. */
export function decimalOfNumber(type: BsonType, value: unknown): string | undefined {
  switch (type) {
    case 'int32':
    case 'double':
      return normaliseDecimal(String(numberOf(value)))
    case 'long':
      return String(value)
    case 'decimal128':
      return normaliseDecimal(String(value))
    default:
      return undefined
  }
}

/** The number in a text as people store prices: digits with at most one point; no exponent, no spaces. */
export function decimalOfText(text: string): string | undefined {
  return /^-?\d+(\.\d+)?$/.test(text) ? normaliseDecimal(text) : undefined
}

/** The precision of a normalised decimal: digits before the point (none for 0.x) and after it. */
export function digitsOf(decimal: string): { whole: number; fraction: number } {
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.')
  return { whole: whole === '0' ? 0 : whole.length, fraction: fraction.length }
}

/** -1, 0 or 1 as `a` is less than, equal to or greater than `b`; both normalised. */
export function compareDecimals(a: string, b: string): number {
  const scale = Math.max(digitsOf(a).fraction, digitsOf(b).fraction)
  const [x, y] = [scaled(a, scale), scaled(b, scale)]
  return x < y ? -1 : x > y ? 1 : 0
}

/** Decimal128 of a normalised decimal; undefined beyond 34 digits. */
export function decimal128Of(decimal: string): Decimal128 | undefined {
  const { whole, fraction } = digitsOf(decimal)
  if (whole + fraction > 34) return undefined
  const value = Decimal128.fromString(decimal)
  return normaliseDecimal(value.toString()) === decimal ? value : undefined
}

function scaled(decimal: string, scale: number): bigint {
  const { fraction } = digitsOf(decimal)
  return BigInt(decimal.replace('.', '') + '0'.repeat(scale - fraction))
}
