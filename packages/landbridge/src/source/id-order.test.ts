import {
  Binary,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  boundFromBytes,
  boundsFilter,
  boundsFilterAfter,
  boundToBytes,
  isInBounds,
} from '../backfill/chunk-bounds.ts'
import { anyId, objectIds } from '../testing/arbitrary-id.ts'
import { idKey, idToBytes } from './id-key.ts'
import { bracketOf, compareIds, idBrackets } from './id-order.ts'

const nothingBetween = (a: unknown, b: unknown) => compareIds(a, b) === 0 && compareIds(b, a) === 0

describe('compareIds', () => {
  it('is an order', () => {
    fc.assert(
      fc.property(anyId, anyId, anyId, (a, b, c) => {
        expect(Math.sign(compareIds(a, b))).toBe(-Math.sign(compareIds(b, a)) + 0)
        expect(compareIds(a, a)).toBe(0)
        if (compareIds(a, b) <= 0 && compareIds(b, c) <= 0) expect(compareIds(a, c)).toBeLessThanOrEqual(0)
      }),
      { numRuns: 1_000 },
    )
  })

  it('compares strings by their bytes', () => {
    // U+FFFF comes before U+1F600 in UTF-8, though not in JavaScript's order of UTF-16 units.
    expect(compareIds('\uffff', '\u{1f600}')).toBeLessThan(0)
    expect(compareIds('', 'a')).toBeLessThan(0)
  })

  it('compares numbers of all types by their exact value', () => {
    const [odd, even] = [Long.fromString('9007199254740993'), new Double(9007199254740992)]
    expect(compareIds(odd, even)).toBeGreaterThan(0)
    expect(compareIds(Long.fromString('9007199254740992'), even)).toBe(0)
    expect(compareIds(Decimal128.fromString('9007199254740992.5'), even)).toBeGreaterThan(0)
    expect(compareIds(Decimal128.fromString('9007199254740992.5'), odd)).toBeLessThan(0)
    expect(compareIds(new Double(0.1), Decimal128.fromString('0.1'))).toBeGreaterThan(0)
    expect(compareIds(Decimal128.fromString('1E-6176'), new Int32(0))).toBeGreaterThan(0)
    expect(compareIds(Decimal128.fromString('1E+6000'), new Double(Number.MAX_VALUE))).toBeGreaterThan(0)
    expect(compareIds(Decimal128.fromString('1.50'), new Double(1.5))).toBe(0)
  })

  it('knows the ends of numbers: NaN lowest and equal to itself, -0 equal to 0', () => {
    const lowest = new Double(Number.NEGATIVE_INFINITY)
    for (const nan of [new Double(Number.NaN), Decimal128.fromString('NaN')]) {
      expect(compareIds(nan, lowest)).toBeLessThan(0)
      expect(compareIds(lowest, nan)).toBeGreaterThan(0)
      expect(nothingBetween(nan, new Double(Number.NaN))).toBe(true)
    }
    expect(nothingBetween(Decimal128.fromString('-Infinity'), lowest)).toBe(true)
    expect(nothingBetween(new Double(-0), new Int32(0))).toBe(true)
    expect(nothingBetween(Decimal128.fromString('-0'), new Int32(0))).toBe(true)
  })

  it('sorts ObjectIds as the bytes that stand in the chunk table', () => {
    fc.assert(
      fc.property(objectIds, objectIds, (a, b) => {
        expect(Math.sign(compareIds(a, b))).toBe(Math.sign(Buffer.compare(idToBytes(a), idToBytes(b))))
      }),
    )
  })

  it('sorts binaries by length, subtype and bytes, and documents field by field', () => {
    const uuid = new UUID('00000000-0000-4000-8000-000000000000')
    expect(compareIds(new Binary(Buffer.from([255])), uuid)).toBeLessThan(0)
    expect(compareIds(new Binary(Buffer.alloc(16, 255), 0), uuid)).toBeLessThan(0)
    expect(compareIds({ a: 1 }, { a: 1, b: 0 })).toBeLessThan(0)
    expect(compareIds({ a: 'x' }, { b: 1 })).toBeGreaterThan(0)
    expect(compareIds({ b: 1 }, { a: 2 })).toBeGreaterThan(0)
    expect(compareIds({ a: [1, 2] }, { a: [1, 3] })).toBeLessThan(0)
    expect(compareIds(new Timestamp({ t: 1, i: 2 }), new Timestamp({ t: 4294967295, i: 0 }))).toBeLessThan(0)
  })

  it('keeps types of different brackets apart', () => {
    expect(bracketOf(new MinKey())).toBe('minKey')
    expect(bracketOf(new Code('f'))).toBe('javascript')
    expect(compareIds(new Int32(5), 'a')).toBeLessThan(0)
    expect(compareIds('zzz', new ObjectId())).toBeLessThan(0)
    expect(compareIds(new MaxKey(), new ObjectId())).toBeGreaterThan(0)
  })
})

describe('chunk bounds', () => {
  it('put every id into exactly one of adjoining ranges of its bracket', () => {
    fc.assert(
      fc.property(fc.array(anyId, { maxLength: 12 }), fc.array(anyId, { maxLength: 6 }), (ids, cuts) => {
        const ranges = idBrackets.flatMap((bracket) => {
          const bounds = cuts
            .filter((cut) => bracketOf(cut) === bracket)
            .sort(compareIds)
            .filter((cut, i, all) => i === 0 || compareIds(all[i - 1], cut) !== 0)
          return [undefined, ...bounds].map((lower, i) => ({ bracket, lower, upper: bounds[i] }))
        })
        for (const id of [...ids, ...cuts]) {
          expect(ranges.filter((range) => isInBounds(id, range))).toHaveLength(1)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('survive the table', () => {
    fc.assert(
      fc.property(anyId, (id) => {
        const bytes = boundToBytes(id)
        expect(bytes === null ? undefined : idKey(boundFromBytes(bytes))).toBe(idKey(id))
      }),
    )
    expect(boundToBytes(undefined)).toBeNull()
  })

  it('say the type where there is no bound, and find NaN where the lower end is open', () => {
    expect(boundsFilter({ bracket: 'string' })).toEqual({ _id: { $type: ['string', 'symbol'] } })
    expect(boundsFilter({ bracket: 'number', lower: 1, upper: 5 })).toEqual({ _id: { $gte: 1, $lt: 5 } })
    expect(boundsFilter({ bracket: 'number', upper: 5 })).toEqual({
      $or: [{ _id: Number.NaN }, { _id: { $lt: 5 } }],
    })
    const range = { bracket: 'number' as const, upper: 5 }
    expect(boundsFilterAfter(range, new Double(Number.NaN))).toEqual({
      _id: { $gte: Number.NEGATIVE_INFINITY, $lt: 5 },
    })
    expect(boundsFilterAfter(range, 3)).toEqual({ _id: { $gt: 3, $lt: 5 } })
  })
})

describe('idKey', () => {
  it('is one for numbers that MongoDB takes for the same id', () => {
    expect(idKey(new Int32(1))).toBe(idKey(new Double(1)))
    expect(idKey(Long.fromNumber(1))).toBe(idKey(new Int32(1)))
    expect(idKey('1')).not.toBe(idKey(new Int32(1)))
  })

  it('is one exactly for numbers that compare as equal', () => {
    const numbers = anyId.filter((id) => bracketOf(id) === 'number')
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        expect(idKey(a) === idKey(b)).toBe(compareIds(a, b) === 0)
      }),
      { numRuns: 1_000 },
    )
  })
})
