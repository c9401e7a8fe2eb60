import { Decimal128 } from 'bson'

/**
 * A finite decimal: `coefficient * 10 ** exponent`. NaN and the infinities of Decimal128 are carried as the JavaScript
 * numbers of the same name, so that one test for `typeof x === 'number'` finds everything that is not exact.
 */
export interface Decimal {
  readonly coefficient: bigint
  readonly exponent: number
}

/** Digits that a Decimal128 can hold. */
const PRECISION = 34
const EXPONENT_BIAS = 6176
const LARGEST_COEFFICIENT = 10n ** 34n - 1n

/** Reads the bytes of a Decimal128 (IEEE 754-2008, binary integer decimal, little endian). */
export function fromDecimal128(value: Decimal128): Decimal | number {
  const view = new DataView(value.bytes.buffer, value.bytes.byteOffset, 16)
  const low = view.getBigUint64(0, true)
  const high = view.getBigUint64(8, true)
  const negative = high >> 63n === 1n
  const combination = Number((high >> 58n) & 0x1fn)
  if (combination === 0x1f) return Number.NaN
  if (combination === 0x1e) return negative ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  // A coefficient of the second form, or one that is too large, is not canonical and means zero.
  if (combination >> 3 === 3)
    return { coefficient: 0n, exponent: Number((high >> 47n) & 0x3fffn) - EXPONENT_BIAS }
  const exponent = Number((high >> 49n) & 0x3fffn) - EXPONENT_BIAS
  const coefficient = ((high & 0x1ffffffffffffn) << 64n) | low
  if (coefficient > LARGEST_COEFFICIENT) return { coefficient: 0n, exponent }
  return { coefficient: negative ? -coefficient : coefficient, exponent }
}

/** Writes a decimal as Decimal128, rounded to 34 digits (half to even). */
export function toDecimal128(value: Decimal | number): Decimal128 {
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return Decimal128.fromString('NaN')
    if (!Number.isFinite(value)) return Decimal128.fromString(value > 0 ? 'Infinity' : '-Infinity')
    return toDecimal128(decimalOfDouble(value))
  }
  const { coefficient, exponent } = round(value, PRECISION)
  const digits = digitCount(coefficient)
  if (coefficient !== 0n && exponent + digits > 6145) {
    return Decimal128.fromString(coefficient > 0n ? 'Infinity' : '-Infinity')
  }
  return Decimal128.fromString(`${coefficient}E${exponent}`)
}

/** The exact decimal value of a finite double; every double has one. */
export function decimalOfDouble(value: number): Decimal {
  if (Number.isInteger(value)) return { coefficient: BigInt(value), exponent: 0 }
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const biased = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xfffffffffffffn
  const mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n
  const power = (biased === 0 ? 1 : biased) - 1075
  const coefficient = mantissa * 5n ** BigInt(-power)
  return { coefficient: value < 0 ? -coefficient : coefficient, exponent: power }
}

/** A finite double as a mongod takes it into decimal arithmetic: rounded to 15 significant digits. */
export function decimalOfDoubleTo15Digits(value: number): Decimal {
  if (value === 0) return { coefficient: 0n, exponent: 0 }
  const [mantissa = '0', power = '0'] = value.toExponential(14).split('e')
  return { coefficient: BigInt(mantissa.replace('.', '')), exponent: Number(power) - 14 }
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent)
  return { coefficient: scaled(a, exponent) + scaled(b, exponent), exponent }
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  return { coefficient: a.coefficient * b.coefficient, exponent: a.exponent + b.exponent }
}

/** `a / b` to 34 digits; a quotient that ends earlier keeps the exponent nearest to `a.exponent - b.exponent`. */
export function divideDecimals(a: Decimal, b: Decimal): Decimal {
  const ideal = a.exponent - b.exponent
  if (a.coefficient === 0n) return { coefficient: 0n, exponent: ideal }
  const shift = Math.max(0, PRECISION + 2 + digitCount(b.coefficient) - digitCount(a.coefficient))
  const numerator = a.coefficient * 10n ** BigInt(shift)
  let coefficient = numerator / b.coefficient
  let exponent = ideal - shift
  if (numerator % b.coefficient !== 0n) {
    // A sticky digit keeps the later rounding right when the quotient seems to lie half way.
    coefficient = coefficient * 10n + (coefficient >= 0n ? 1n : -1n)
    exponent -= 1
    return round({ coefficient, exponent }, PRECISION)
  }
  while (exponent < ideal && coefficient % 10n === 0n) {
    coefficient /= 10n
    exponent += 1
  }
  return round({ coefficient, exponent }, PRECISION)
}

/** The remainder of a division that truncates towards zero, as `$mod` has it. */
export function remainderOfDecimals(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent)
  return { coefficient: scaled(a, exponent) % scaled(b, exponent), exponent }
}

export type Rounding = 'half-even' | 'down' | 'floor' | 'ceil'

/** The decimal at `places` digits after the point (negative: before it). */
export function quantize(value: Decimal, places: number, rounding: Rounding): Decimal {
  const drop = -places - value.exponent
  if (drop <= 0) return value
  return { coefficient: shiftRight(value.coefficient, drop, rounding), exponent: -places }
}

export function compareDecimals(a: Decimal, b: Decimal): number {
  const signA = sign(a.coefficient)
  const signB = sign(b.coefficient)
  if (signA !== signB) return signA - signB
  if (signA === 0) return 0
  // Different magnitudes are told apart without scaling: exponents may lie 12,000 digits from each other.
  const magnitudeA = digitCount(a.coefficient) + a.exponent
  const magnitudeB = digitCount(b.coefficient) + b.exponent
  if (magnitudeA !== magnitudeB) return magnitudeA < magnitudeB ? -signA : signA
  const exponent = Math.min(a.exponent, b.exponent)
  const left = scaled(a, exponent)
  const right = scaled(b, exponent)
  return left < right ? -1 : left > right ? 1 : 0
}

/** The same number without trailing zeros: one text for each value. */
export function canonicalDecimal(value: Decimal): string {
  if (value.coefficient === 0n) return '0'
  let digits = String(value.coefficient)
  let exponent = value.exponent
  const trailing = /0+$/.exec(digits)?.[0].length ?? 0
  if (trailing > 0) {
    digits = digits.slice(0, -trailing)
    exponent += trailing
  }
  if (exponent >= 0 && digits.length + exponent <= 21) return digits + '0'.repeat(exponent)
  return `${digits}e${exponent}`
}

export function decimalToDouble(value: Decimal): number {
  return Number(`${value.coefficient}e${value.exponent}`)
}

function round(value: Decimal, precision: number): Decimal {
  const excess = digitCount(value.coefficient) - precision
  if (excess <= 0) return value
  const coefficient = shiftRight(value.coefficient, excess, 'half-even')
  const exponent = value.exponent + excess
  // 99..95 rounds up to one digit more, which is a zero.
  return digitCount(coefficient) > precision
    ? { coefficient: coefficient / 10n, exponent: exponent + 1 }
    : { coefficient, exponent }
}

function shiftRight(coefficient: bigint, digits: number, rounding: Rounding): bigint {
  const divisor = 10n ** BigInt(digits)
  const quotient = coefficient / divisor
  const rest = coefficient % divisor
  if (rest === 0n) return quotient
  const away = coefficient < 0n ? -1n : 1n
  if (rounding === 'down') return quotient
  if (rounding === 'floor') return away < 0n ? quotient - 1n : quotient
  if (rounding === 'ceil') return away > 0n ? quotient + 1n : quotient
  const twice = (rest < 0n ? -rest : rest) * 2n
  if (twice > divisor || (twice === divisor && quotient % 2n !== 0n)) return quotient + away
  return quotient
}

function scaled(value: Decimal, exponent: number): bigint {
  return value.coefficient * 10n ** BigInt(value.exponent - exponent)
}

function digitCount(coefficient: bigint): number {
  return String(coefficient < 0n ? -coefficient : coefficient).length
}

function sign(coefficient: bigint): number {
  return coefficient === 0n ? 0 : coefficient < 0n ? -1 : 1
}
