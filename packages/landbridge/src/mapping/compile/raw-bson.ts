import { isAscii, isUtf8 } from 'node:buffer'
import { decodeBson } from '../bson.ts'
import { MappingError } from '../mapping-error.ts'

/** BSON type numbers that the walker knows by name. */
export const RAW = {
  double: 1,
  string: 2,
  document: 3,
  array: 4,
  binary: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  int32: 16,
  int64: 18,
} as const

/** Where the value of this type ends; -1 if that cannot be sound, or for a type that nobody can read exactly. */
export function rawEnd(src: Buffer, type: number, at: number): number {
  switch (type) {
    case 1:
    case 9:
    case 17:
    case 18:
      return at + 8
    case 2:
    case 13:
    case 14: {
      const length = rawInt32(src, at)
      return length < 1 || src[at + 3 + length] !== 0 ? -1 : at + 4 + length
    }
    case 3:
    case 4:
    case 15: {
      const length = rawInt32(src, at)
      return length < 5 || src[at + length - 1] !== 0 ? -1 : at + length
    }
    case 5:
      return at + 5 + rawInt32(src, at)
    case 6:
    case 10:
    case 127:
    case 255:
      return at
    case 11: {
      const options = src.indexOf(0, at) + 1
      return options === 0 ? -1 : src.indexOf(0, options) + 1 || -1
    }
    case 7:
      return at + 12
    case 8:
      return (src[at] as number) > 1 ? -1 : at + 1
    case 16:
      return at + 4
    case 19:
      return at + 16
    default:
      return -1
  }
}

/** Bytes past the end count as zero: whoever reads lengths checks them against the end. */
export function rawInt32(src: Buffer, at: number): number {
  return (
    (src[at] as number) |
    ((src[at + 1] as number) << 8) |
    ((src[at + 2] as number) << 16) |
    ((src[at + 3] as number) << 24)
  )
}

/** A whole number of 64 bits as a double: exact within 2^53, near it beyond. */
export function rawInt64(src: Buffer, at: number): number {
  return rawInt32(src, at + 4) * 2 ** 32 + (rawInt32(src, at) >>> 0)
}

/** Where the zero behind a key stands; -1 if there is none before `end`. */
export function rawKeyEnd(src: Buffer, at: number, end: number): number {
  let here = at
  while (here < end) {
    if (src[here] === 0) return here
    here++
  }
  return -1
}

const doubles = new Float64Array(1)
const words = new Uint32Array(doubles.buffer)

export function rawDouble(src: Buffer, at: number): number {
  words[0] = rawInt32(src, at)
  words[1] = rawInt32(src, at + 4)
  return doubles[0] as number
}

/** Whether these bytes are ASCII without NUL. */
export function isPlainText(src: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = src[i] as number
    if (byte === 0 || byte > 127) return false
  }
  return true
}

/** Text between two places; undefined if it is not valid UTF-8. */
export function rawText(src: Buffer, from: number, to: number): string | undefined {
  const part = src.subarray(from, to)
  if (isAscii(part)) return part.toString('latin1')
  return isUtf8(part) ? part.toString('utf8') : undefined
}

/** Any value, as `decodeBson` reads it; undefined (which is no value here) where it is not sound. */
export function exactValue(src: Buffer, type: number, at: number): unknown {
  const end = rawEnd(src, type, at)
  if (end < 0 || end > src.length) return undefined
  const size = 4 + 1 + 2 + (end - at) + 1
  const document = Buffer.alloc(size)
  document.writeInt32LE(size, 0)
  document[4] = type
  document[5] = 118
  src.copy(document, 7, at, end)
  try {
    return decodeBson(document).v
  } catch (error) {
    // Not swallowed: the whole document is then read by decodeBson, which says what is wrong with it.
    if (error instanceof MappingError) return undefined
    throw error
  }
}
