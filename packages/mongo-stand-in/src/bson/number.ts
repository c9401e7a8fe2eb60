import { type Decimal128, Double, Int32, Long } from 'bson'
import {
  addDecimals,
  canonicalDecimal,
  compareDecimals,
  type Decimal,
  decimalOfDouble,
  decimalOfDoubleTo15Digits,
  decimalToDouble,
  divideDecimals,
  fromDecimal128,
  multiplyDecimals,
  toDecimal128,
} from './decimal.ts'
import { type BsonType, typeOf } from './value-type.ts'

/** The value behind a BSON number: a double or int as `number`, a long as `bigint`, a Decimal128 as {@link Decimal}. */
export type Numeric = number | bigint | Decimal

export type NumberType = Extract<BsonType, 'int' | 'long' | 'double' | 'decimal'>

const RANK: Record<NumberType, number> = { int: 0, long: 1, double: 2, decimal: 3 }
const SMALLEST_LONG = -(2n ** 63n)
const LARGEST_LONG = 2n ** 63n - 1n

/** The type of a BSON number, or undefined for any other value. */
export function numberType(value: unknown): NumberType | undefined {
  const type = typeOf(value)
  return type === 'int' || type === 'long' || type === 'double' || type === 'decimal' ? type : undefined
}

/** The value of a BSON number; call it only where {@link numberType} has found one. */
export function numericValue(value: unknown): Numeric {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  switch (typeOf(value)) {
    case 'int':
      return (value as Int32).value
    case 'double':
      return (value as Double).value
    case 'long':
      return (value as Long).toBigInt()
    case 'decimal':
      return fromDecimal128(value as Decimal128)
    default:
      throw new TypeError(`A ${typeOf(value)} is no number`)
  }
}

/** Exact comparison across all number types; NaN equals itself and lies below everything else. */
export function compareNumeric(a: Numeric, b: Numeric): number {
  if (typeof a !== 'object' && typeof b !== 'object') {
    // JavaScript orders number and bigint by exact value (only === tells 1 from 1n).
    if (a < b) return -1
    if (a > b) return 1
    if (a >= b) return 0
    const nanA = Number.isNaN(a)
    return nanA === Number.isNaN(b) ? 0 : nanA ? -1 : 1
  }
  if (typeof a === 'number' && !Number.isFinite(a)) return a === Number.POSITIVE_INFINITY ? 1 : -1
  if (typeof b === 'number' && !Number.isFinite(b)) return b === Number.POSITIVE_INFINITY ? -1 : 1
  return compareDecimals(exactDecimal(a), exactDecimal(b))
}

/** One text for each numeric value, whatever its type. */
export function numericKey(value: Numeric): string {
  if (typeof value === 'bigint') return canonicalDecimal({ coefficient: value, exponent: 0 })
  if (typeof value === 'object') return canonicalDecimal(value)
  if (value === 0) return '0'
  if (Number.isSafeInteger(value) || !Number.isFinite(value)) return String(value)
  return canonicalDecimal(decimalOfDouble(value))
}

/** The nearest double. */
export function toDouble(value: unknown): number {
  const numeric = numericValue(value)
  return typeof numeric === 'object' ? decimalToDouble(numeric) : Number(numeric)
}

/** The value as decimal arithmetic takes it: exact for integers, 15 digits of a double. */
export function toDecimal(value: unknown): Decimal | number {
  const numeric = numericValue(value)
  if (typeof numeric === 'object') return numeric
  if (typeof numeric === 'bigint') return { coefficient: numeric, exponent: 0 }
  if (!Number.isFinite(numeric)) return numeric
  if (numberType(value) === 'int') return { coefficient: BigInt(numeric), exponent: 0 }
  return decimalOfDoubleTo15Digits(numeric)
}

/** The integer that a number stands for exactly, if it is one and fits 64 bits. */
export function toInteger(value: unknown): bigint | undefined {
  if (numberType(value) === undefined) return undefined
  const numeric = numericValue(value)
  if (typeof numeric === 'bigint') return numeric
  if (typeof numeric === 'number') return Number.isInteger(numeric) ? inLongRange(BigInt(numeric)) : undefined
  const text = canonicalDecimal(numeric)
  return /^-?\d+$/.test(text) ? inLongRange(BigInt(text)) : undefined
}

/** Like {@link toInteger} for small arguments (a limit, a position); larger numbers are cut to the safe range. */
export function toSafeInteger(value: unknown): number | undefined {
  const integer = toInteger(value)
  if (integer === undefined) return undefined
  const limit = BigInt(Number.MAX_SAFE_INTEGER)
  return Number(integer > limit ? limit : integer < -limit ? -limit : integer)
}

export function isLongRange(value: bigint): boolean {
  return value >= SMALLEST_LONG && value <= LARGEST_LONG
}

export function long(value: bigint): Long {
  return Long.fromBigInt(value)
}

/** An integer result: an int where it fits and no operand was a long, else a long; undefined past 64 bits. */
export function integerResult(value: bigint, widest: NumberType): Int32 | Long | undefined {
  if (widest === 'int' && value >= -2147483648n && value <= 2147483647n) return new Int32(Number(value))
  return isLongRange(value) ? long(value) : undefined
}

/** The type that arithmetic on two numbers yields: the wider of both. */
export function widerType(a: NumberType, b: NumberType): NumberType {
  return RANK[a] >= RANK[b] ? a : b
}

/** What a sum or product past 64 bits becomes: a double in aggregations, an error in updates. */
export type OnLongOverflow = (exact: bigint) => unknown

export function addNumbers(a: unknown, b: unknown, onOverflow: OnLongOverflow = doubleOf): unknown {
  const { type, x, y } = operands(a, b)
  if (type === 'double') return new Double(toDouble(a) + toDouble(b))
  if (type !== 'decimal')
    return integerResult(BigInt(x) + BigInt(y), type) ?? onOverflow(BigInt(x) + BigInt(y))
  return decimalResult(a, b, addDecimals, (left, right) => left + right)
}

export function multiplyNumbers(a: unknown, b: unknown, onOverflow: OnLongOverflow = doubleOf): unknown {
  const { type, x, y } = operands(a, b)
  if (type === 'double') return new Double(toDouble(a) * toDouble(b))
  if (type !== 'decimal')
    return integerResult(BigInt(x) * BigInt(y), type) ?? onOverflow(BigInt(x) * BigInt(y))
  return decimalResult(a, b, multiplyDecimals, (left, right) => left * right)
}

/** `a - b`. Not by adding the negated value: the smallest long has no negation. */
export function subtractNumbers(a: unknown, b: unknown, onOverflow: OnLongOverflow = doubleOf): unknown {
  const { type, x, y } = operands(a, b)
  if (type === 'double') return new Double(toDouble(a) - toDouble(b))
  if (type !== 'decimal')
    return integerResult(BigInt(x) - BigInt(y), type) ?? onOverflow(BigInt(x) - BigInt(y))
  const difference = (left: Decimal, right: Decimal) =>
    addDecimals(left, { coefficient: -right.coefficient, exponent: right.exponent })
  return decimalResult(a, b, difference, (left, right) => left - right)
}

/** `a / b`: a Decimal128 if either is one, else a double. The caller has refused a zero divisor. */
export function divideNumbers(a: unknown, b: unknown): unknown {
  if (operands(a, b).type !== 'decimal') return new Double(toDouble(a) / toDouble(b))
  return decimalResult(a, b, divideDecimals, (left, right) => left / right)
}

/** Decimal arithmetic; NaN and the infinities follow the rules of doubles. */
export function decimalResult(
  a: unknown,
  b: unknown,
  exact: (left: Decimal, right: Decimal) => Decimal,
  inexact: (left: number, right: number) => number,
): Decimal128 {
  const left = toDecimal(a)
  const right = toDecimal(b)
  if (typeof left === 'object' && typeof right === 'object') return toDecimal128(exact(left, right))
  return toDecimal128(inexact(approximate(left), approximate(right)))
}

function approximate(value: Decimal | number): number {
  return typeof value === 'number' ? value : decimalToDouble(value)
}

function operands(a: unknown, b: unknown): { type: NumberType; x: number | bigint; y: number | bigint } {
  const typeA = numberType(a)
  const typeB = numberType(b)
  if (typeA === undefined || typeB === undefined) throw new TypeError('Arithmetic takes two BSON numbers')
  const x = numericValue(a)
  const y = numericValue(b)
  return { type: widerType(typeA, typeB), x: typeof x === 'object' ? 0 : x, y: typeof y === 'object' ? 0 : y }
}

function doubleOf(exact: bigint): Double {
  return new Double(Number(exact))
}

function exactDecimal(value: Numeric): Decimal {
  if (typeof value === 'object') return value
  return typeof value === 'bigint' ? { coefficient: value, exponent: 0 } : decimalOfDouble(value)
}

function inLongRange(value: bigint): bigint | undefined {
  return isLongRange(value) ? value : undefined
}
