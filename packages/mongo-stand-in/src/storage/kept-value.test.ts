import { Binary, Decimal128, Double, Int32, Long, ObjectId, UUID } from 'bson'
import { describe, expect, it } from 'vitest'
import { compareValues } from '../bson/compare.ts'
import { identicalValues } from '../bson/identical.ts'
import { keepBytes } from './kept-bytes.ts'
import { keepValue } from './kept-value.ts'

const message = Buffer.alloc(1_000_000, 7)
const slab = keepBytes(Buffer.from('x')).buffer

describe('keepValue', () => {
  it('compares as the value does', () => {
    const values = [
      new Int32(-5),
      new Double(-0),
      new Double(Number.NaN),
      new Double(2.5),
      Long.fromNumber(7),
      Decimal128.fromString('1.50'),
      new ObjectId(),
      new UUID(),
      new Binary(Buffer.from('abc'), 0),
      new Date(0),
      'text',
      null,
      undefined,
      { a: new Int32(1) },
    ]
    for (const value of values) expect(compareValues(keepValue(value), value)).toBe(0)
  })

  it('keeps neither the message nor the pool from which it came', () => {
    const binary = new Binary(message.subarray(200, 216), 4)
    const decimal = new Decimal128(message.subarray(300, 316))
    expect((keepValue(binary) as Binary).buffer.buffer === slab).toBe(true)
    expect((keepValue(decimal) as Decimal128).bytes.buffer === slab).toBe(true)
    for (const value of [binary, decimal]) expect(identicalValues(keepValue(value), value)).toBe(true)
  })
})
