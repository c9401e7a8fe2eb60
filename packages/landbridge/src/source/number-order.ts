import { bsonTypeOf, numberOf } from '../mapping/bson-value.ts'

/** An exact number: coefficient times ten to the exponent; the three values that are none stand as themselves. */
type Exact = { coefficient: bigint; exponent: number } | 'NaN' | 'Infinity' | '-Infinity'

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]?\d+))?$/
/** MongoDB rounds a Double to what a Decimal128 holds before it compares the two. */
const DECIMAL128_DIGITS = 34

/**
 * The order of BSON numbers over all their types, by value and not by its rounding to a double: Long 2^53+1 lies
 * above Double 2^53. NaN is the lowest and equals itself, -0 equals 0.
 */
export function compareNumbers(a: unknown, b: unknown): number {
  const [left, right] = [plainNumber(a), plainNumber(b)]
  if (left !== undefined && right !== undefined) return comparePlain(left, right)
  return compareExact(exactNumber(a, bsonTypeOf(b)), exactNumber(b, bsonTypeOf(a)))
}

/** JavaScript compares number and bigint by exact value, so only a Decimal128 needs more. */
function plainNumber(value: unknown): number | bigint | undefined {
  const type = bsonTypeOf(value)
  if (type === 'decimal128') return undefined
  return type === 'long' ? BigInt(String(value)) : numberOf(value)
}

function comparePlain(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1
  if (a > b) return 1
  return Number(Number.isNaN(b)) - Number(Number.isNaN(a))
}

function exactNumber(value: unknown, other: string): Exact {
  const type = bsonTypeOf(value)
  if (type === 'double' || type === 'int32') {
    const exact = exactDouble(numberOf(value))
    return other === 'decimal128' ? rounded(exact) : exact
  }
  const text = String(value)
  if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') return text
  const match = DECIMAL.exec(text)
  if (match === null) throw new TypeError(`no number: ${text}`)
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  return { coefficient: BigInt(`${sign}${whole}${fraction}`), exponent: Number(exponent) - fraction.length }
}

/** Every finite double is m * 2^e, and 2^-n is 5^n * 10^-n. */
function exactDouble(value: number): Exact {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  if (Number.isInteger(value)) return { coefficient: BigInt(value), exponent: 0 }
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const biased = Number((bits >> 52n) & 0x7ffn)
  const mantissa = (bits & 0xfffffffffffffn) | (biased === 0 ? 0n : 1n << 52n)
  const power = 1075 - Math.max(biased, 1)
  const coefficient = mantissa * 5n ** BigInt(power)
  return { coefficient: value < 0 ? -coefficient : coefficient, exponent: -power }
}

/** To 34 digits, half to even. */
function rounded(value: Exact): Exact {
  if (typeof value === 'string') return value
  const excess = digits(value.coefficient) - DECIMAL128_DIGITS
  if (excess <= 0) return value
  const unit = 10n ** BigInt(excess)
  const positive = value.coefficient < 0n ? -value.coefficient : value.coefficient
  const [whole, rest] = [positive / unit, (positive % unit) * 2n]
  const up = rest > unit || (rest === unit && whole % 2n === 1n) ? whole + 1n : whole
  return { coefficient: value.coefficient < 0n ? -up : up, exponent: value.exponent + excess }
}

/** One text for each number, whatever its type: equal exactly where {@link compareNumbers} finds no difference. */
export function numberKey(value: unknown): string {
  const plain = plainNumber(value)
  if (typeof plain === 'bigint' || Number.isSafeInteger(plain)) return plain === 0 ? '0' : String(plain)
  const exact = exactNumber(value, 'decimal128')
  if (typeof exact === 'string') return exact
  const digitsOnly = String(exact.coefficient).replace(/0+$/, '')
  if (digitsOnly === '') return '0'
  const exponent = exact.exponent + String(exact.coefficient).length - digitsOnly.length
  // Integers that a Long can hold are spelled as it spells them.
  return exponent >= 0 && exponent < 20 ? digitsOnly + '0'.repeat(exponent) : `${digitsOnly}E${exponent}`
}

function compareExact(a: Exact, b: Exact): number {
  if (typeof a === 'string' || typeof b === 'string') return rank(a) - rank(b)
  const [signA, signB] = [sign(a.coefficient), sign(b.coefficient)]
  if (signA !== signB || signA === 0) return signA - signB
  // How large they are decides nearly always; only numbers of one size are brought to one exponent.
  const sizes = digits(a.coefficient) + a.exponent - digits(b.coefficient) - b.exponent
  if (sizes !== 0) return sizes * signA
  const exponent = Math.min(a.exponent, b.exponent)
  return sign(scaled(a, exponent) - scaled(b, exponent))
}

function scaled(value: { coefficient: bigint; exponent: number }, exponent: number): bigint {
  return value.coefficient * 10n ** BigInt(value.exponent - exponent)
}

function rank(value: Exact): number {
  if (value === 'NaN') return 0
  if (value === '-Infinity') return 1
  return value === 'Infinity' ? 3 : 2
}

function sign(value: bigint): -1 | 0 | 1 {
  return value < 0n ? -1 : value > 0n ? 1 : 0
}

function digits(value: bigint): number {
  return String(value < 0n ? -value : value).length
}
