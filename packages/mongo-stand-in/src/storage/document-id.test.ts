import {
  Binary,
  Code,
  Decimal128,
  type Document,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  serialize,
  Timestamp,
} from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collationFrom, compareValues } from '../bson/compare.ts'
import { compareIds, documentWithId, idOf } from './document-id.ts'
import { bytesOf, keepDocument } from './kept-bytes.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
// Few different bytes, so that ids are often equal up to their end.
const fewBytes = fc.array(fc.constantFrom(0, 1, 127, 128, 255), { maxLength: 4 })
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.string({ unit: fc.constantFrom('a', 'A', 'é', '\0', '\uffff', '😀', '\ue000'), maxLength: 3 }),
)

const id: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .array(fc.constantFrom(0, 1, 255), { minLength: 12, maxLength: 12 })
      .map((parts) => new ObjectId(Uint8Array.from(parts))),
  },
  bytes(12).map((value) => new ObjectId(value)),
  {
    weight: 3,
    arbitrary: fc.oneof(fc.integer(), fc.integer({ min: -2, max: 2 })).map((value) => new Int32(value)),
  },
  { weight: 3, arbitrary: text },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fewBytes, fc.constantFrom(0, 2, 4, 5, 128))
      .map(([value, subtype]) => new Binary(Uint8Array.from(value), subtype)),
  },
  bytes(16).map((value) => new Binary(value, Binary.SUBTYPE_UUID)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => Long.fromBigInt(value)),
  fc.double().map((value) => new Double(value)),
  fc.integer({ min: -2, max: 2 }).map((value) => Decimal128.fromString(String(value))),
  fc.date({ noInvalidDate: true }),
  fc.boolean(),
  fc.constantFrom(null, new MinKey(), new MaxKey(), Timestamp.fromBits(1, 2)),
  fc.record({ a: fc.integer({ min: 0, max: 1 }).map((value) => new Int32(value)), b: text }),
)

const stored = (value: unknown) => keepDocument(serialize({ _id: value, rest: 'x' } as Document))

describe('compareIds', () => {
  it('orders stored documents as compareValues orders their ids, of any types', () => {
    fc.assert(
      fc.property(id, id, (a, b) => {
        expect(Math.sign(compareIds(stored(a), stored(b)))).toBe(Math.sign(compareValues(a, b)))
      }),
      { numRuns: 5000 },
    )
  })

  it('does so by a collation too', () => {
    const collation = collationFrom({ locale: 'en', strength: new Int32(2) })
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareIds(stored(a), stored(b), collation))).toBe(
          Math.sign(compareValues(a, b, collation)),
        )
      }),
    )
    expect(compareIds(stored('a'), stored('A'), collation)).toBe(0)
    expect(compareIds(stored('a'), stored('A'))).toBeGreaterThan(0)
  })
})

describe('idOf', () => {
  it('gives back the id, and keeps nothing of the slab in which the document lies', () => {
    fc.assert(
      fc.property(id, (value) => {
        const read = idOf(stored(value))
        expect(Buffer.compare(serialize({ _id: read }), serialize({ _id: value } as Document))).toBe(0)
        if (read instanceof Binary) expect(read.buffer.buffer.byteLength).toBeLessThan(100)
      }),
    )
  })

  it('reads ids whose length is not looked up too', () => {
    const code = new Code('f()')
    expect(idOf(stored(code))).toEqual(code)
  })
})

describe('documentWithId', () => {
  it('takes no id for null, as a look-up does', () => {
    expect(compareIds(documentWithId(undefined), stored(null))).toBe(0)
  })
})

describe('keepDocument', () => {
  it('copies into slabs of its own, so that neither a message nor a pool of Node stays with it', () => {
    const message = Buffer.alloc(1_000_000)
    const document = serialize({ _id: new Int32(7), text: 'kept' })
    message.set(document, 1000)
    const arrived = message.subarray(1000, 1000 + document.length)
    const kept = keepDocument(arrived)
    const other = keepDocument(arrived)
    expect(kept.slab.buffer).not.toBe(message.buffer)
    expect(kept.slab.buffer.byteLength).toBeLessThanOrEqual(256 * 1024)
    expect(other.slab).toBe(kept.slab)
    message.fill(0)
    expect(bytesOf(kept)).toEqual(Buffer.from(document))
  })

  it('gives a large document memory of its own, of exactly its size', () => {
    const document = serialize({ _id: new Int32(7), text: 'x'.repeat(100_000) })
    expect(keepDocument(document).slab.buffer.byteLength).toBe(document.length)
  })
})
