import { isAscii, isUtf8 } from 'node:buffer'
import { hash } from 'node:crypto'
import { rawInt32 } from './raw-bson.ts'

const HEX = Buffer.from('0123456789abcdef')
const FIRST_SIZE = 1 << 16

/** Canonical text in the making, as bytes of UTF-8: what `canonicalText` gives, without a string for each value. */
export class CanonicalBuffer {
  bytes = Buffer.allocUnsafeSlow(FIRST_SIZE)
  at = 0

  ensure(size: number): void {
    if (this.at + size <= this.bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.at + size))
    this.bytes.copy(grown, 0, 0, this.at)
    this.bytes = grown
  }

  byte(value: number): void {
    this.ensure(1)
    this.bytes[this.at++] = value
  }

  /** Text of ASCII alone. */
  ascii(text: string): void {
    const { length } = text
    this.ensure(length)
    const { bytes } = this
    let at = this.at
    for (let i = 0; i < length; i++) bytes[at++] = text.charCodeAt(i)
    this.at = at
  }

  text(text: string): void {
    this.ensure(text.length * 3)
    this.at += this.bytes.write(text, this.at, 'utf8')
  }

  /** Bytes of another buffer, as they are. */
  copy(source: Uint8Array, from: number, to: number): void {
    this.ensure(to - from)
    if (to - from > 60) {
      this.bytes.set(source.subarray(from, to), this.at)
      this.at += to - from
      return
    }
    const { bytes } = this
    let at = this.at
    for (let i = from; i < to; i++) bytes[at++] = source[i] as number
    this.at = at
  }

  hex(source: Uint8Array, from: number, to: number): void {
    this.ensure((to - from) * 2)
    const { bytes } = this
    let at = this.at
    for (let i = from; i < to; i++) {
      const byte = source[i] as number
      bytes[at++] = HEX[byte >> 4] as number
      bytes[at++] = HEX[byte & 15] as number
    }
    this.at = at
  }

  /** The bytes of a text as a JSON string; false if they are not valid UTF-8. */
  jsonString(source: Buffer, from: number, to: number): boolean {
    this.ensure(to - from + 2)
    const { bytes } = this
    let at = this.at
    bytes[at++] = 34
    let i = from
    for (; i < to; i++) {
      const byte = source[i] as number
      if (byte < 32 || byte > 126 || byte === 34 || byte === 92) break
      bytes[at++] = byte
    }
    if (i === to) {
      bytes[at++] = 34
      this.at = at
      return true
    }
    const part = source.subarray(from, to)
    if (!isAscii(part) && !isUtf8(part)) return false
    this.text(JSON.stringify(part.toString('utf8')))
    return true
  }

  /** The hash of all that was written, as `canonicalHash` has it; the buffer is empty afterwards. */
  takeHash(): bigint {
    const written = this.bytes.subarray(0, this.at)
    this.at = 0
    return hash('sha256', written, 'buffer').readBigUInt64BE(0)
  }
}

/** The number of 64 bits at this place, as text. */
export function int64Text(src: Buffer, at: number): string {
  const high = rawInt32(src, at + 4)
  const low = rawInt32(src, at) >>> 0
  const number = high * 2 ** 32 + low
  return Number.isSafeInteger(number) ? String(number) : String((BigInt(high) << 32n) | BigInt(low))
}
