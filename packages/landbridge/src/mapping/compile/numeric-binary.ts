import type { CopyBuffer } from './copy-buffer.ts'

const NEGATIVE = 0x4000

/**
 * Writes a normalised decimal as Postgres' binary numeric: groups of four decimal digits, the weight of the first,
 * sign, and the number of decimals shown. No group of zeros stands at either end, so that equal numbers are equal
 * bytes.
 */
export function writeNumeric(out: CopyBuffer, decimal: string): void {
  const isNegative = decimal.charCodeAt(0) === 45
  const point = decimal.indexOf('.')
  const start = isNegative ? 1 : 0
  const whole = decimal.slice(start, point < 0 ? undefined : point)
  const fraction = point < 0 ? '' : decimal.slice(point + 1)
  const wholeGroups = whole === '0' ? 0 : Math.ceil(whole.length / 4)
  const digits =
    (wholeGroups === 0 ? '' : whole.padStart(wholeGroups * 4, '0')) +
    fraction.padEnd(Math.ceil(fraction.length / 4) * 4, '0')
  let from = 0
  let to = digits.length
  while (from < to && isZeroGroup(digits, from)) from += 4
  while (to > from && isZeroGroup(digits, to - 4)) to -= 4
  const groups = (to - from) / 4
  out.int32(8 + 2 * groups)
  out.int16(groups)
  out.int16(groups === 0 ? 0 : wholeGroups - from / 4 - 1)
  out.int16(isNegative ? NEGATIVE : 0)
  out.int16(fraction.length)
  for (let i = from; i < to; i += 4) out.int16(Number(digits.slice(i, i + 4)))
}

/** The same for a whole number of 32 bits, without the way over text. */
export function writeNumericInt32(out: CopyBuffer, value: number): void {
  let magnitude = Math.abs(value)
  const low = magnitude % 10_000
  magnitude = (magnitude - low) / 10_000
  const middle = magnitude % 10_000
  const high = (magnitude - middle) / 10_000
  const highest = high > 0 ? 2 : middle > 0 ? 1 : 0
  const lowest = low > 0 ? 0 : middle > 0 ? 1 : 2
  const groups = value === 0 ? 0 : highest - lowest + 1
  out.int32(8 + 2 * groups)
  out.int16(groups)
  out.int16(value === 0 ? 0 : highest)
  out.int16(value < 0 ? NEGATIVE : 0)
  out.int16(0)
  if (value === 0) return
  if (highest === 2) out.int16(high)
  if (highest >= 1 && lowest <= 1) out.int16(middle)
  if (lowest === 0) out.int16(low)
}

function isZeroGroup(digits: string, at: number): boolean {
  for (let i = at; i < at + 4; i++) if (digits.charCodeAt(i) !== 48) return false
  return true
}
