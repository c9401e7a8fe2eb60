import { Decimal128, Double, EJSON, Int32, Long } from 'bson'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { exactSum } from './exact-sum.ts'

const sumOf = (values: readonly unknown[]) => {
  const sum = exactSum()
  for (const value of values) sum.add(value)
  return EJSON.stringify({ sum: sum.result() }, { relaxed: false })
}
const text = (sum: unknown) => EJSON.stringify({ sum }, { relaxed: false })

it('takes the widest type', () => {
  expect(sumOf([])).toBe(text(new Int32(0)))
  expect(sumOf([new Int32(2147483647), new Int32(1)])).toBe(text(Long.fromString('2147483648')))
  expect(sumOf([new Int32(1), Long.fromNumber(1)])).toBe(text(Long.fromNumber(2)))
  expect(sumOf([new Int32(1), new Double(0.5)])).toBe(text(new Double(1.5)))
  expect(sumOf([new Int32(1), Decimal128.fromString('0.10')])).toBe(text(Decimal128.fromString('1.10')))
})

it('goes past 64 bits and back', () => {
  const largest = Long.MAX_VALUE
  expect(sumOf([largest, largest])).toBe(text(new Double(2 ** 64)))
  expect(sumOf([largest, largest, Long.MIN_VALUE])).toBe(text(Long.fromString('9223372036854775806')))
})

it('keeps what doubles lose on the way', () => {
  expect(sumOf([1e16, 1, -1e16].map((value) => new Double(value)))).toBe(text(new Double(1)))
  expect(sumOf([new Double(Number.POSITIVE_INFINITY), new Double(1)])).toBe(
    text(new Double(Number.POSITIVE_INFINITY)),
  )
})

it('gives the same in every order', () => {
  const number = fc.oneof(
    fc.integer().map((value) => new Int32(value)),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => Long.fromBigInt(value)),
  )
  fc.assert(
    fc.property(fc.array(number), (values) => {
      expect(sumOf(values.toReversed())).toBe(sumOf(values))
    }),
  )
})
