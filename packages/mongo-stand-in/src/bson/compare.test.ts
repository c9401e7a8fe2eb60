import {
  Binary,
  BSONRegExp,
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
import { describe, expect, it } from 'vitest'
import { collationFrom, compareValues, equalValues, indexKey } from './compare.ts'
import { identicalValues } from './identical.ts'

const decimal = (text: string) => Decimal128.fromString(text)

/** Strictly ascending: each value lies below the next one. */
const ASCENDING: unknown[] = [
  new MinKey(),
  null,
  new Double(Number.NaN),
  new Double(Number.NEGATIVE_INFINITY),
  decimal('-1E+400'),
  Long.MIN_VALUE,
  new Int32(-1),
  new Int32(0),
  decimal('1E-6000'),
  decimal('0.1'),
  new Double(0.1), // the double is 0.1000000000000000055…
  new Double(1.5),
  new Int32(2),
  Long.fromString('9007199254740992'),
  Long.fromString('9007199254740993'),
  Long.MAX_VALUE,
  new Double(2 ** 63),
  decimal('1E+400'),
  decimal('Infinity'),
  '',
  'A',
  'a',
  'ab',
  '\uffff',
  '\u{10000}',
  {},
  { a: new Int32(1) },
  { b: new Int32(0) },
  { a: 'x' },
  { a: 'x', b: new Int32(1) },
  [],
  [new Int32(1)],
  [new Int32(1), new Int32(0)],
  [new Int32(2)],
  [[new Int32(0)]],
  new Binary(Buffer.from('b')),
  new Binary(Buffer.from('b'), 4),
  new Binary(Buffer.from('aa')),
  // Its content begins with its length.
  new Binary(Buffer.from('b'), 2),
  new ObjectId('650000000000000000000001'),
  new ObjectId('650000000000000000000002'),
  false,
  true,
  new Date(-1),
  new Date(0),
  new Timestamp({ t: 1, i: 2 }),
  new Timestamp({ t: 0xffffffff, i: 0 }),
  new BSONRegExp('a', ''),
  new BSONRegExp('a', 'i'),
  new MaxKey(),
]

describe('compareValues', () => {
  it('orders a table of values of all types', () => {
    for (const [i, a] of ASCENDING.entries()) {
      for (const [j, b] of ASCENDING.entries()) {
        expect(Math.sign(compareValues(a, b)), `${i} against ${j}`).toBe(Math.sign(i - j))
      }
    }
  })

  it.each([
    [new Int32(5), Long.fromNumber(5)],
    [new Int32(5), new Double(5)],
    [Long.fromNumber(5), decimal('5.00')],
    [new Double(0.5), decimal('0.5')],
    [new Double(-0), new Int32(0)],
    [decimal('-0'), new Int32(0)],
    [new Double(Number.NaN), decimal('NaN')],
    [new Double(2 ** 70), decimal('1180591620717411303424')],
  ])('takes %s and %s for the same number', (a, b) => {
    expect(compareValues(a, b)).toBe(0)
    expect(indexKey(a)).toBe(indexKey(b))
  })

  it('takes no value as null', () => {
    expect(equalValues(undefined, null)).toBe(true)
    expect(indexKey(undefined)).toBe(indexKey(null))
  })

  it('tells documents apart by the order of their fields', () => {
    expect(equalValues({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(false)
  })
})

const number = fc.oneof(
  fc.integer({ min: -50, max: 50 }).map((value) => new Int32(value)),
  fc.integer({ min: -50, max: 50 }).map((value) => Long.fromNumber(value)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => Long.fromBigInt(value)),
  fc.double().map((value) => new Double(value)),
  fc.integer({ min: -200, max: 200 }).map((value) => new Double(value / 4)),
  fc
    .tuple(fc.integer({ min: -5000, max: 5000 }), fc.integer({ min: -4, max: 4 }))
    .map(([digits, exponent]) => decimal(`${digits}E${exponent}`)),
)
const scalar = fc.oneof(
  number,
  fc.string({ maxLength: 3 }),
  fc.constantFrom('a', 'A', 'ä', 'Ä', 'á', 'b', 'a2', 'a10', 'a02', 'ß', 'ss', 'SS'),
  fc.constantFrom(null, true, false, new MinKey(), new MaxKey(), new Date(5), new BSONRegExp('a', '')),
  fc.uint8Array({ maxLength: 2 }).map((bytes) => new Binary(bytes)),
)
const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 2 }),
  ),
}))
const collations = fc.constantFrom(
  undefined,
  collationFrom({ locale: 'en', strength: 1 }),
  collationFrom({ locale: 'en', strength: 2 }),
  collationFrom({ locale: 'de', numericOrdering: true }),
)

describe('the order', () => {
  it('is total, and agrees with equality and index keys under every collation', () => {
    fc.assert(
      fc.property(anyValue, anyValue, collations, (a, b, collation) => {
        const order = Math.sign(compareValues(a, b, collation))
        expect(Math.sign(compareValues(b, a, collation))).toBe(order === 0 ? 0 : -order)
        expect(indexKey(a, collation) === indexKey(b, collation)).toBe(order === 0)
        expect(compareValues(a, a, collation)).toBe(0)
        if (identicalValues(a, b)) expect(order).toBe(0)
      }),
      { numRuns: 2000 },
    )
  })

  it('is transitive', () => {
    fc.assert(
      fc.property(fc.tuple(anyValue, anyValue, anyValue), collations, (values, collation) => {
        const [a, b, c] = values.toSorted((x, y) => compareValues(x, y, collation))
        expect(compareValues(a, b, collation)).toBeLessThanOrEqual(0)
        expect(compareValues(b, c, collation)).toBeLessThanOrEqual(0)
        expect(compareValues(a, c, collation)).toBeLessThanOrEqual(0)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('a collation', () => {
  it.each([
    [{ locale: 'en', strength: 2 }, 'PING', 'ping', true],
    [{ locale: 'en', strength: 2 }, 'é', 'e', false],
    [{ locale: 'en', strength: 1 }, 'É', 'e', true],
    [{ locale: 'en', strength: 1, caseLevel: true }, 'É', 'e', false],
    [{ locale: 'en' }, 'a', 'A', false],
    [{ locale: 'en', numericOrdering: true }, 'a02', 'a2', true],
    [{ locale: 'simple' }, 'a', 'A', false],
  ])('%j: is %s the same as %s? %s', (spec, a, b, same) => {
    const collation = collationFrom(spec)
    expect(equalValues(a, b, collation)).toBe(same)
    expect(indexKey(a, collation) === indexKey(b, collation)).toBe(same)
  })

  it('orders a before B, and 2 before 10 with numericOrdering', () => {
    expect(compareValues('a', 'B', collationFrom({ locale: 'en' }))).toBeLessThan(0)
    expect(compareValues('a', 'B')).toBeGreaterThan(0)
    expect(compareValues('x2', 'x10', collationFrom({ locale: 'en', numericOrdering: true }))).toBeLessThan(0)
    expect(compareValues('x2', 'x10')).toBeGreaterThan(0)
  })

  it('refuses what it cannot express', () => {
    expect(() => collationFrom({ locale: 'en', alternate: 'shifted' })).toThrow(
      /not supported by the stand-in/,
    )
    expect(() => collationFrom({ locale: 'en', strength: 9 })).toThrow(/strength/)
  })
})
