import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson'
import fc from 'fast-check'

/** Generators of single BSON values, clean and dirty, for the laws. A test-time file: fast-check is no dependency. */

export const objectIds = fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes))

export const dates = fc
  .oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 2_000_000_000_000 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(-210_866_803_200_000, -210_866_803_200_001, 8.64e15, -62_135_596_800_001),
    },
  )
  .map((ms) => new Date(ms))

export const texts = fc.oneof(
  { weight: 5, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '',
      '1.50',
      '12 USD',
      '۱۲۳',
      'a\0b',
      '507f1f77bcf86cd799439011',
      '507F1F77BCF86CD799439011',
      'template-checkout-1',
      'system',
      'NaN',
      '2024-01-02T03:04:05.678Z',
      '2024-01-02',
      '1e3',
      '-0',
      '007',
    ),
  },
)

const decimalTexts = fc
  .tuple(fc.bigInt({ min: -(10n ** 33n), max: 10n ** 33n }), fc.integer({ min: -22, max: 3 }))
  .map(([digits, exponent]) => `${digits}E${exponent}`)

export const numbers = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -1000, max: 100_000 }).map((n) => new Int32(n)) },
  { weight: 2, arbitrary: fc.integer().map((n) => new Int32(n)) },
  { weight: 2, arbitrary: fc.integer({ min: -1_000_000, max: 1_000_000 }).map((n) => new Double(n / 100)) },
  { weight: 1, arbitrary: fc.double().map((n) => new Double(n)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(1, 0, -0, Number.NaN, Infinity, 5e9, 2 ** 53, 1e-7).map((n) => new Double(n)),
  },
  {
    weight: 1,
    arbitrary: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((n) => Long.fromBigInt(n)),
  },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 99 }).map((n) => Long.fromNumber(n)) },
  { weight: 1, arbitrary: decimalTexts.map((text) => Decimal128.fromString(text)) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('1.50', '0', '-0', '0.00', '1E+3', 'NaN', 'Infinity', '1E-19', '1E+6000')
      .map((text) => Decimal128.fromString(text)),
  },
)

const rare = fc.oneof(
  fc.uint8Array({ maxLength: 5 }).map((bytes) => new Binary(bytes)),
  fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => new Binary(bytes, 4)),
  fc.constantFrom(
    new BSONRegExp('a.b', 'i'),
    new Timestamp({ t: 7, i: 3 }),
    new Code('return 1'),
    new Code('return x', { x: new Int32(1) }),
    new BSONSymbol('sym'),
    new MinKey(),
    new MaxKey(),
    undefined,
  ),
)

/** Keys as legacy documents hold them: with dots, dollars, nothing at all. */
export const keys = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('legacyNote', 'old', 'x', 'profile', '__proto__', 'constructor') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('a.b', '$set', '$oid', '$form', '$missing', '', 'c\\d', '0', '.', '$ref'),
  },
  {
    weight: 1,
    arbitrary: fc.string({ unit: 'grapheme', maxLength: 5 }).filter((key) => !key.includes('\0')),
  },
)

export const scalars = fc.oneof(
  { weight: 3, arbitrary: texts },
  { weight: 3, arbitrary: numbers },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: dates },
  { weight: 1, arbitrary: objectIds },
  { weight: 1, arbitrary: rare },
)

/** Any BSON value, nested up to three levels. */
export const anyValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 4, arbitrary: scalars },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    { weight: 1, arbitrary: documentOf(tie('value')) },
  ),
})).value

/** A document with keys of any kind. */
export function documentOf(values: fc.Arbitrary<unknown>): fc.Arbitrary<Record<string, unknown>> {
  return fc.array(fc.tuple(keys, values), { maxLength: 4 }).map((members) => {
    const document: Record<string, unknown> = {}
    for (const [key, value] of members) {
      Object.defineProperty(document, key, { value, writable: true, enumerable: true, configurable: true })
    }
    return document
  })
}
