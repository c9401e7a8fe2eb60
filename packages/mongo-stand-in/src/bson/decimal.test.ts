import { Decimal128, Double, Int32, Long } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { divideDecimals, fromDecimal128, toDecimal128 } from './decimal.ts'
import { addNumbers, divideNumbers, multiplyNumbers, subtractNumbers } from './number.ts'

const decimal = (text: string) => Decimal128.fromString(text)

describe('Decimal128', () => {
  it('comes back with the same bytes', () => {
    const texts = fc.tuple(
      fc.bigInt({ min: -(10n ** 34n - 1n), max: 10n ** 34n - 1n }),
      fc.integer({ min: -6176, max: 6111 }),
    )
    fc.assert(
      fc.property(texts, ([digits, exponent]) => {
        const value = decimal(`${digits}E${exponent}`)
        expect(String(toDecimal128(fromDecimal128(value)))).toBe(String(value))
      }),
    )
  })

  it.each(['NaN', 'Infinity', '-Infinity'])('keeps %s', (text) => {
    expect(String(toDecimal128(fromDecimal128(decimal(text))))).toBe(text)
  })

  it('rounds to 34 digits, half to even', () => {
    const digits = '1'.repeat(33)
    expect(String(toDecimal128({ coefficient: BigInt(`${digits}25`), exponent: 0 }))).toBe(
      String(decimal(`${digits}2E1`)),
    )
    expect(String(toDecimal128({ coefficient: BigInt(`${digits}35`), exponent: 0 }))).toBe(
      String(decimal(`${digits}4E1`)),
    )
  })

  it('divides to 34 digits', () => {
    expect(
      String(
        toDecimal128(divideDecimals({ coefficient: 1n, exponent: 0 }, { coefficient: 3n, exponent: 0 })),
      ),
    ).toBe(`0.${'3'.repeat(34)}`)
    expect(
      String(
        toDecimal128(divideDecimals({ coefficient: 660n, exponent: -2 }, { coefficient: 3n, exponent: 0 })),
      ),
    ).toBe('2.20')
  })
})

describe('arithmetic', () => {
  it.each([
    ['int + int', addNumbers(new Int32(1), new Int32(2)), new Int32(3)],
    [
      'int + int past 32 bits',
      addNumbers(new Int32(2147483647), new Int32(1)),
      Long.fromString('2147483648'),
    ],
    ['long + int', addNumbers(Long.fromNumber(5), new Int32(1)), Long.fromNumber(6)],
    ['long + double', addNumbers(Long.fromNumber(5), new Double(0.5)), new Double(5.5)],
    ['double + double', addNumbers(new Double(1), new Double(1)), new Double(2)],
    ['decimal + int', addNumbers(decimal('1.10'), new Int32(1)), decimal('2.10')],
    ['decimal + double', addNumbers(decimal('1'), new Double(0.1)), decimal('1.100000000000000')],
    ['decimal + NaN', addNumbers(decimal('1'), new Double(Number.NaN)), decimal('NaN')],
    ['long past 64 bits', addNumbers(Long.MAX_VALUE, new Int32(1)), new Double(2 ** 63)],
    [
      'int * int past 32 bits',
      multiplyNumbers(new Int32(65536), new Int32(65536)),
      Long.fromString('4294967296'),
    ],
    [
      '0 - smallest int',
      subtractNumbers(new Int32(0), new Int32(-2147483648)),
      Long.fromString('2147483648'),
    ],
    ['int / int', divideNumbers(new Int32(1), new Int32(4)), new Double(0.25)],
    ['decimal / int', divideNumbers(decimal('6.60'), new Int32(3)), decimal('2.20')],
  ])('%s', (_name, result, expected) => {
    expect(result).toEqual(expected)
  })
})
