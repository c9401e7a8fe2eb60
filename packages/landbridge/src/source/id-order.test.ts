import { Decimal128, Double, Int32, Long, MinKey, ObjectId } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundFromBytes, boundsFilter, boundToBytes, isInBounds } from '../backfill/chunk-bounds.ts'
import { idKey, idToBytes } from './id-key.ts'
import { bracketOf, compareIds } from './id-order.ts'

const objectIds = fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes))
const anyId = fc.oneof(
  objectIds,
  fc.string(),
  fc.integer().map((n) => new Int32(n)),
  fc.double({ noNaN: true }).map((n) => new Double(n)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((n) => Long.fromBigInt(n)),
  fc.boolean(),
  fc.date({ noInvalidDate: true }),
)

describe('compareIds', () => {
  it('is an order', () => {
    fc.assert(
      fc.property(anyId, anyId, anyId, (a, b, c) => {
        expect(Math.sign(compareIds(a, b))).toBe(-Math.sign(compareIds(b, a)) + 0)
        expect(compareIds(a, a)).toBe(0)
        if (compareIds(a, b) <= 0 && compareIds(b, c) <= 0) expect(compareIds(a, c)).toBeLessThanOrEqual(0)
      }),
    )
  })

  it('compares strings by their bytes and integers of any size exactly', () => {
    // U+FFFF comes before U+1F600 in UTF-8, though not in JavaScript's order of UTF-16 units.
    expect(compareIds('\uffff', '\u{1f600}')).toBeLessThan(0)
    expect(
      compareIds(Long.fromString('9007199254740993'), Long.fromString('9007199254740992')),
    ).toBeGreaterThan(0)
    expect(compareIds(new Double(1), new Int32(1))).toBe(0)
    expect(compareIds(Decimal128.fromString('1.5'), new Int32(1))).toBeGreaterThan(0)
  })

  it('sorts ObjectIds as the bytes that stand in the chunk table', () => {
    fc.assert(
      fc.property(objectIds, objectIds, (a, b) => {
        expect(Math.sign(compareIds(a, b))).toBe(Math.sign(Buffer.compare(idToBytes(a), idToBytes(b))))
      }),
    )
  })

  it('keeps types of different brackets apart', () => {
    expect(bracketOf(new MinKey())).toBe('minKey')
    expect(compareIds(new Int32(5), 'a')).toBeLessThan(0)
    expect(compareIds('zzz', new ObjectId())).toBeLessThan(0)
  })
})

describe('chunk bounds', () => {
  it('put every id of the bracket into exactly one of adjoining ranges', () => {
    fc.assert(
      fc.property(objectIds, fc.uniqueArray(objectIds, { maxLength: 5, selector: String }), (id, cuts) => {
        const bounds = cuts.sort(compareIds)
        const ranges = [undefined, ...bounds].map((lower, i) => ({
          bracket: 'objectId' as const,
          lower,
          upper: bounds[i],
        }))
        expect(ranges.filter((range) => isInBounds(id, range))).toHaveLength(1)
        expect(isInBounds('text', { bracket: 'objectId' })).toBe(false)
      }),
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

  it('say the type where there is no bound', () => {
    expect(boundsFilter({ bracket: 'string' })).toEqual({ _id: { $type: ['string', 'symbol'] } })
    expect(boundsFilter({ bracket: 'number', lower: 1, upper: 5 })).toEqual({ _id: { $gte: 1, $lt: 5 } })
  })
})

describe('idKey', () => {
  it('is one for numbers that MongoDB takes for the same id', () => {
    expect(idKey(new Int32(1))).toBe(idKey(new Double(1)))
    expect(idKey(Long.fromNumber(1))).toBe(idKey(new Int32(1)))
    expect(idKey('1')).not.toBe(idKey(new Int32(1)))
  })
})
