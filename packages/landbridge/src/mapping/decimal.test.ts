import { Decimal128, Double } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareDecimals, decimalOfNumber, decimalOfText, digitsOf, normaliseDecimal } from './decimal.ts'

describe('decimals', () => {
  it('have one spelling', () => {
    const spellings: [string, string][] = [
      ['1.500', '1.5'],
      ['-0.0', '0'],
      ['007', '7'],
      ['1E+3', '1000'],
      ['15E-3', '0.015'],
      ['+2', '2'],
      ['1.5e1', '15'],
      ['0.000', '0'],
      ['-00.10', '-0.1'],
      ['120e-1', '12'],
    ]
    for (const [text, decimal] of spellings) expect(normaliseDecimal(text)).toBe(decimal)
    for (const text of ['', 'NaN', 'Infinity', '1.', '.5', '1 ', '۱', '1,5', '0x1', '--1'])
      expect(normaliseDecimal(text)).toBeUndefined()
  })

  it('are the value of a double, by its shortest text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const decimal = decimalOfNumber('double', new Double(number))
        expect(Number(decimal)).toBe(number === 0 ? 0 : number)
      }),
    )
    expect(decimalOfNumber('double', new Double(Number.NaN))).toBeUndefined()
    expect(decimalOfNumber('decimal128', Decimal128.fromString('1.50'))).toBe('1.5')
  })

  it('are read from text only where it is a plain number', () => {
    expect(decimalOfText('12.50')).toBe('12.5')
    for (const text of ['12 USD', '1e3', ' 1', '+1', '۱۲', '1.', ''])
      expect(decimalOfText(text)).toBeUndefined()
  })

  it('compare by value', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer(),
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 0, max: 6 }),
        (a, b, s, t) => {
          const [x, y] = [normaliseDecimal(`${a}E-${s}`) ?? '', normaliseDecimal(`${b}E-${t}`) ?? '']
          const exact = BigInt(a) * 10n ** BigInt(t) - BigInt(b) * 10n ** BigInt(s)
          expect(compareDecimals(x, y)).toBe(exact < 0n ? -1 : exact > 0n ? 1 : 0)
        },
      ),
    )
    expect(digitsOf('-0.05')).toEqual({ whole: 0, fraction: 2 })
  })
})
