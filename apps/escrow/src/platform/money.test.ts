import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addAmounts,
  amountSchema,
  compareAmounts,
  isPositive,
  multiplyByRate,
  parseAmount,
  readAmount,
  subtractAmounts,
  wholeUnits,
  zeroAmount,
} from './money.ts'

const amounts = fc
  .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.integer({ min: 0, max: 10 ** 9 - 1 }))
  .map(([whole, fraction]) => parseAmount(`${whole}.${String(fraction).padStart(9, '0')}`))

describe('the canonical form', () => {
  test.each([
    ['12.50', '12.5'],
    ['0012', '12'],
    ['-0.0', '0'],
    ['0.000000000000000001', '0.000000000000000001'],
    ['1.1000000000000000000000', '1.1'],
    ['99999999999999999999.999999999999999999', '99999999999999999999.999999999999999999'],
  ])('%s is %s', (text, canonical) => {
    expect(readAmount(text)).toBe(canonical)
  })

  test.each(['', '.5', '5.', '1e3', '+1', ' 1', '1,5', 'NaN', 'Infinity', '0x10', '۱۲', '12 USD'])(
    '%j is no amount',
    (text) => {
      expect(readAmount(text)).toBeNull()
    },
  )

  test('nineteen decimals and twenty-one whole digits are refused, not rounded', () => {
    expect(readAmount('0.1234567890123456789')).toBeNull()
    expect(readAmount('100000000000000000000')).toBeNull()
    expect(() => parseAmount('1e3')).toThrow(expect.objectContaining({ code: 'INVALID_AMOUNT' }))
  })

  test('reading a canonical amount changes nothing', () => {
    fc.assert(
      fc.property(amounts, (amount) => {
        expect(readAmount(amount)).toBe(amount)
      }),
    )
  })
})

describe('arithmetic', () => {
  test('adds and subtracts exactly', () => {
    expect(addAmounts(parseAmount('0.1'), parseAmount('0.2'))).toBe('0.3')
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        expect(subtractAmounts(addAmounts(a, b), b)).toBe(a)
        expect(Math.sign(compareAmounts(a, b))).toBe(isPositive(subtractAmounts(a, b)) ? 1 : a === b ? 0 : -1)
      }),
    )
  })

  test('an empty sum is zero, and a sum out of range is an error', () => {
    expect(addAmounts()).toBe(zeroAmount)
    const top = parseAmount('99999999999999999999')
    expect(() => addAmounts(top, top)).toThrow(expect.objectContaining({ code: 'INVALID_AMOUNT' }))
  })

  test('a rate is cut, never rounded up', () => {
    expect(multiplyByRate(parseAmount('100'), 250)).toBe('2.5')
    expect(multiplyByRate(parseAmount('0.000000000000000001'), 9_999)).toBe('0')
    expect(multiplyByRate(parseAmount('0.99'), 250, 2)).toBe('0.02')
    expect(() => multiplyByRate(parseAmount('1'), 0.5)).toThrow(RangeError)
  })

  test('whole units are cut', () => {
    expect(wholeUnits(parseAmount('12.99'))).toBe(12)
    expect(wholeUnits(parseAmount('0.99'))).toBe(0)
  })
})

test('money in JSON is text; a number is refused and says why', () => {
  expect(amountSchema.parse('12.50')).toBe('12.5')
  expect(amountSchema.safeParse(12.5).error?.issues[0]?.message).toContain('not as a JSON number')
})
