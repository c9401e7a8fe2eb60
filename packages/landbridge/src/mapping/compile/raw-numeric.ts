import type { RawWay } from '../codecs/codec.ts'
import type { CopyBuffer } from './copy-buffer.ts'
import { writeNumericInt32 } from './numeric-binary.ts'
import { RAW, rawDouble, rawInt32 } from './raw-bson.ts'
import type { RawCellWriter } from './raw-field.ts'

const NEGATIVE = 0x4000
/** Up to here a double's digits are those of a whole number divided by a power of ten. */
const EXACT_DIGITS = 1e15
const MOST_DECIMALS = 8
const groups = new Uint16Array(8)

/** Int32 and Double into a numeric column; what is rarer takes the general way. */
export function numericWriter(way: Extract<RawWay, { kind: 'numeric' }>): RawCellWriter {
  const isOut = (value: number) => value < way.min || value <= way.exclusiveMin || value > way.max
  return (out, src, type, at) => {
    if (type === RAW.int32) {
      const value = rawInt32(src, at)
      if (isOut(value)) return false
      writeNumericInt32(out, value)
      return true
    }
    if (type !== RAW.double) return false
    const value = rawDouble(src, at)
    // Whole numbers in the range of Int32 would come back as Int32.
    if ((value | 0) === value || isOut(value)) return false
    return writeShortDouble(out, value, way.scale)
  }
}

/** Writes a double of few digits; false (and nothing written) for others. */
function writeShortDouble(out: CopyBuffer, value: number, scale: number): boolean {
  const magnitude = Math.abs(value)
  let power = 1
  for (let decimals = 0; decimals <= MOST_DECIMALS && decimals <= scale; decimals++, power *= 10) {
    const digits = Math.round(magnitude * power)
    if (!(digits < EXACT_DIGITS)) return false
    if (digits / power !== magnitude) continue
    return writeDigits(out, value < 0, digits, decimals)
  }
  return false
}

function writeDigits(out: CopyBuffer, isNegative: boolean, digits: number, decimals: number): boolean {
  const padding = (4 - (decimals % 4)) % 4
  let left = digits * 10 ** padding
  if (left > Number.MAX_SAFE_INTEGER) return false
  let count = 0
  let lowest = 0
  while (left > 0) {
    const rest = Math.floor(left / 10_000)
    groups[count++] = left - rest * 10_000
    left = rest
  }
  while (lowest < count && groups[lowest] === 0) lowest++
  out.int32(8 + 2 * (count - lowest))
  out.int16(count - lowest)
  out.int16(count - (decimals + padding) / 4 - 1)
  out.int16(isNegative ? NEGATIVE : 0)
  out.int16(decimals)
  for (let i = count - 1; i >= lowest; i--) out.int16(groups[i] as number)
  return true
}
