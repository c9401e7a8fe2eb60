import { Binary, Double, Int32, Long, ObjectId } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeDocument } from '../bson/decode.ts'
import { documentIn } from '../storage/kept-bytes.ts'
import { idPlace, isObjectIdRange } from './id-range.ts'
import { rangePlace } from './key-range.ts'

const anyId = fc.oneof(
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes)),
  fc.string(),
  fc.integer({ min: -3, max: 3 }).map((n) => new Int32(n)),
  fc.integer({ min: -3, max: 3 }).map((n) => new Double(n / 2)),
  fc.integer({ min: -3, max: 3 }).map((n) => Long.fromNumber(n)),
  fc.uint8Array({ maxLength: 3 }).map((bytes) => new Binary(bytes, 2)),
  fc.boolean(),
)
const bound = fc.option(fc.record({ value: anyId, inclusive: fc.boolean() }), { nil: undefined })
const fields = [{ path: '_id', direction: 1 as const }]

describe('idPlace', () => {
  it('tells the same of a stored document as of its decoded _id', () => {
    fc.assert(
      fc.property(
        anyId,
        bound,
        bound,
        fc.constantFrom(undefined, 10, 15, 20, 30, 35),
        (id, lower, upper, bracket) => {
          const range = { prefix: [], lower, upper, bracket }
          const place = rangePlace(range, fields as never, undefined)
          const document = documentIn(encodeDocument({ _id: id, more: 1 }))
          expect(idPlace(range, place, undefined)(document)).toBe(place([id]))
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

describe('isObjectIdRange', () => {
  const id = new ObjectId()

  it('is true of bounds of ObjectIds, one on each side at most', () => {
    expect(isObjectIdRange({ _id: { $gte: id, $lt: new ObjectId() } })).toBe(true)
    expect(isObjectIdRange({ _id: { $gt: id } })).toBe(true)
    expect(isObjectIdRange({ _id: { $type: 'objectId' } })).toBe(true)
    for (const filter of [
      {},
      { _id: id },
      { _id: {} },
      { _id: { $gt: id, $gte: id } },
      { _id: { $gt: 'a' } },
      { _id: { $gt: id, $ne: id } },
      { _id: { $gt: id }, name: 'a' },
    ])
      expect(isObjectIdRange(filter)).toBe(false)
  })
})
