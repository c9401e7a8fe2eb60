import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAmount } from '../../platform/money.ts'
import { amountOfBaseUnits, baseUnitsOf } from './base-units.ts'

test.each([
  ['1500000', 6, '1.5'],
  ['1', 18, '0.000000000000000001'],
  ['0', 6, '0'],
  ['100000000000000000000', 18, '100'],
  ['7', 0, '7'],
])('%s units of %i decimals are %s', (units, decimals, amount) => {
  expect(amountOfBaseUnits(units, decimals)).toBe(amount)
  expect(baseUnitsOf(parseAmount(amount), decimals)).toBe(units)
})

test('an amount finer than the token has no base units', () => {
  expect(baseUnitsOf(parseAmount('0.0000001'), 6)).toBeNull()
})

test('there and back again', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 37n }), fc.constantFrom(6, 18), (units, decimals) => {
      const text = units.toString()
      if (decimals === 6 && units > 10n ** 26n) return
      expect(baseUnitsOf(amountOfBaseUnits(text, decimals), decimals)).toBe(text)
    }),
  )
})
