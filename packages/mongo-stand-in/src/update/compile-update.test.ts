import { Decimal128, type Document, Double, Int32, Long, ObjectId } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asStored, exactly } from '../bson/as-stored.ts'
import { compileUpdate, type UpdateOptions } from './compile-update.ts'
import { upsertSeed } from './upsert-seed.ts'

const decimal = (text: string) => Decimal128.fromString(text)
const long = (value: number) => Long.fromNumber(value)

interface Surroundings extends UpdateOptions {
  inserting?: boolean
  positional?: number
}

function update(document: Document, change: Document | Document[], around: Surroundings = {}): Document {
  const stored = asStored({ update: change, filters: around.arrayFilters ?? [] })
  const arrayFilters = around.arrayFilters === undefined ? undefined : (stored.filters as Document[])
  const compiled = compileUpdate(stored.update, { ...around, arrayFilters })
  return compiled.apply(asStored(document), {
    inserting: around.inserting ?? false,
    positional: around.positional,
  })
}

type Case = [document: Document, change: Document, expected: Document, around?: Surroundings]

const FIELDS: Case[] = [
  [{}, { $set: { 'a.b.c': 1 } }, { a: { b: { c: 1 } } }],
  [{ a: [1] }, { $set: { 'a.2': 3 } }, { a: [1, null, 3] }],
  [{}, { $set: { 'a.0': 1 } }, { a: { 0: 1 } }],
  [{ z: 1 }, { $set: { b: 1, a: 1, 'n.y': 1, 'n.x': 1 } }, { z: 1, a: 1, b: 1, n: { x: 1, y: 1 } }],
  [{ z: 1, a: 1 }, { $set: { a: 2 } }, { z: 1, a: 2 }],
  [{}, { $set: { 'a.10': 1, 'a.9': 1 }, $inc: { A: 1 } }, { A: 1, a: { 9: 1, 10: 1 } }],
  [{ a: 1, b: 1 }, { $unset: { a: 1, x: '', 'b.c': '' } }, { b: 1 }],
  [{ a: [1, 2] }, { $unset: { 'a.1': '' } }, { a: [1, null] }],
  [{ a: 1, c: 1 }, { $rename: { a: 'b', x: 'y' } }, { c: 1, b: 1 }],
  [{ a: { b: 1 }, c: 2 }, { $rename: { 'a.b': 'c' } }, { a: {}, c: 1 }],
  [{}, { $setOnInsert: { a: 1 } }, {}],
  [{}, { $setOnInsert: { a: 1 } }, { a: 1 }, { inserting: true }],
  [{ a: 5 }, { $min: { a: 3, b: 1 } }, { a: 3, b: 1 }],
  [{ a: decimal('9') }, { $max: { a: decimal('10') } }, { a: decimal('10') }],
  [{ a: null }, { $max: { a: 1 }, $min: { b: 1 } }, { a: 1, b: 1 }],
  [{ a: new Date(3) }, { $max: { a: new Date(5) } }, { a: new Date(5) }],
  [
    { a: 5, b: long(6) },
    { $bit: { a: { and: 4 }, b: { xor: 1 }, c: { or: 2 } } },
    { a: 4, b: long(7), c: 2 },
  ],
]

const NUMBERS: Case[] = [
  [{ a: long(5) }, { $inc: { a: 1 } }, { a: long(6) }],
  [{ a: 5 }, { $inc: { a: long(1) } }, { a: long(6) }],
  [{ a: 2147483647 }, { $inc: { a: 1 } }, { a: long(2147483648) }],
  [{ a: new Double(1) }, { $inc: { a: 1 } }, { a: new Double(2) }],
  [{ a: decimal('1.5') }, { $inc: { a: decimal('0.10') } }, { a: decimal('1.60') }],
  [{}, { $inc: { a: long(2), b: new Double(0) } }, { a: long(2), b: new Double(0) }],
  [{ a: 3 }, { $mul: { a: 2, b: long(7), c: 1.5 } }, { a: 6, b: long(0), c: new Double(0) }],
  [{ a: decimal('2.50') }, { $mul: { a: 2 } }, { a: decimal('5.00') }],
]

const ARRAYS: Case[] = [
  [{}, { $push: { a: 1 } }, { a: [1] }],
  [{ a: [] }, { $push: { a: [1] } }, { a: [[1]] }],
  [{ a: [3] }, { $push: { a: { $each: [2, 1], $sort: 1, $slice: 2 } } }, { a: [1, 2] }],
  [{ a: [1, 2] }, { $push: { a: { $each: [9], $position: 0 } } }, { a: [9, 1, 2] }],
  [{ a: [1, 2] }, { $push: { a: { $each: [9], $position: -1 } } }, { a: [1, 9, 2] }],
  [
    { a: [{ s: 2 }] },
    { $push: { a: { $each: [{ s: 1 }], $sort: { s: 1 }, $slice: -5 } } },
    { a: [{ s: 1 }, { s: 2 }] },
  ],
  [{ a: [1] }, { $addToSet: { a: { $each: [long(1), 2, 2] } } }, { a: [1, 2] }],
  [
    { a: [{ x: 1, y: 2 }] },
    { $addToSet: { a: { y: 2, x: 1 } } },
    {
      a: [
        { x: 1, y: 2 },
        { y: 2, x: 1 },
      ],
    },
  ],
  [{ a: [1, 2, 3] }, { $pull: { a: { $in: [1, 2] } } }, { a: [3] }],
  [{ a: [1, long(1), 2] }, { $pull: { a: 1 } }, { a: [2] }],
  [{ a: [{ x: 1, y: 1 }, { x: 2 }, 5] }, { $pull: { a: { x: { $lt: 2 } } } }, { a: [{ x: 2 }, 5] }],
  [{ a: [[1, 2], [1]] }, { $pull: { a: [1] } }, { a: [[1, 2]] }],
  [
    { a: [1, 2, 3], b: 1 },
    { $pullAll: { a: [1, 3] }, $pull: { x: 1 } },
    { a: [2], b: 1 },
  ],
  [{ a: [1, 2], b: [1, 2] }, { $pop: { a: 1, b: -1, c: 1 } }, { a: [1], b: [2] }],
]

const POSITIONS: Case[] = [
  [
    { a: [{ k: 1 }, { k: 2 }] },
    { $set: { 'a.$.v': 5 } },
    { a: [{ k: 1 }, { k: 2, v: 5 }] },
    { positional: 1 },
  ],
  [{ a: [1, 2] }, { $inc: { 'a.$[]': 1 } }, { a: [2, 3] }],
  [{ a: [1, 5, 6] }, { $set: { 'a.$[e]': 0 } }, { a: [1, 0, 0] }, { arrayFilters: [{ e: { $gte: 5 } }] }],
  [
    { a: [1, 5, 6] },
    { $set: { 'a.$[e]': 0 } },
    { a: [0, 5, 0] },
    { arrayFilters: [{ $or: [{ e: 1 }, { e: 6 }] }] },
  ],
  [
    { a: [{ b: [{ c: 1 }, { c: 2 }] }] },
    { $set: { 'a.$[].b.$[e].c': 9 } },
    { a: [{ b: [{ c: 1 }, { c: 9 }] }] },
    { arrayFilters: [{ 'e.c': 2 }] },
  ],
]

describe('compileUpdate', () => {
  it.each([...FIELDS, ...NUMBERS, ...ARRAYS, ...POSITIONS])(
    '%j with %j',
    (document, change, expected, around) => {
      expect(exactly(update(document, change, around))).toBe(exactly(expected))
    },
  )

  it('leaves the given document and the operands alone', () => {
    const document = asStored({ a: { b: [1] } })
    const operand = asStored({ $set: { x: { y: [] } } })
    const compiled = compileUpdate(operand)
    const first = compiled.apply(document, { inserting: false })
    const second = compileUpdate(asStored({ $push: { 'x.y': 1 } })).apply(first, { inserting: false })
    expect(document).toEqual(asStored({ a: { b: [1] } }))
    expect(operand).toEqual({ $set: { x: { y: [] } } })
    expect(second.x).toEqual({ y: [new Int32(1)] })
  })

  it('replaces, keeping _id and its first place', () => {
    expect(exactly(update({ _id: 1, a: 1 }, { b: 2 }))).toBe(exactly({ _id: 1, b: 2 }))
    expect(exactly(update({ _id: 1, a: 1 }, { b: 2, _id: 1 }))).toBe(exactly({ _id: 1, b: 2 }))
    expect(exactly(update({ _id: 1 }, {}))).toBe(exactly({ _id: 1 }))
  })

  it('runs pipelines', () => {
    const stages = [{ $set: { total: { $add: ['$a', long(1)] }, 'n.m': '$$factor' } }, { $unset: 'a' }]
    const result = update({ _id: 1, a: 1 }, stages, { let: { factor: new Int32(7) } })
    expect(exactly(result)).toBe(exactly({ _id: 1, total: long(2), n: { m: 7 } }))
  })

  it('keeps _id in a pipeline that loses it', () => {
    expect(exactly(update({ _id: 1, t: { u: 1 } }, [{ $replaceRoot: { newRoot: '$t' } }]))).toBe(
      exactly({ _id: 1, u: 1 }),
    )
  })

  it('writes the current date, also as a timestamp', () => {
    const now = new Date('2026-01-02T03:04:05.678Z')
    const compiled = compileUpdate({ $currentDate: { a: true, b: { $type: 'timestamp' } } })
    const { a, b } = compiled.apply({}, { inserting: false, now })
    expect(a).toEqual(now)
    expect(b.getHighBits()).toBe(Math.floor(now.getTime() / 1000))
  })

  it.each<[document: Document, change: Document | Document[], code: number, around?: Surroundings]>([
    [{ a: 'x' }, { $inc: { a: 1 } }, 14],
    [{ a: 1 }, { $inc: { a: 'x' } }, 14],
    [{ a: Long.MAX_VALUE }, { $inc: { a: 1 } }, 2],
    [{}, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
    [{}, { $set: { a: 1, 'a.b': 1 } }, 40],
    [{}, { $rename: { a: 'b' }, $set: { b: 1 } }, 40],
    [{ a: [1] }, { $set: { 'a.0': 1, 'a.$[]': 2 } }, 40],
    [{ _id: 1 }, { $set: { _id: 2 } }, 66],
    [{ _id: 1 }, { $unset: { _id: 1 } }, 66],
    [{ _id: 1 }, { _id: 2 }, 66],
    [{ _id: 1 }, [{ $set: { _id: 2 } }], 66],
    [{ a: 1 }, { $set: { 'a.b': 1 } }, 28],
    [{ a: [1] }, { $set: { 'a.b': 1 } }, 28],
    [{ a: null }, { $set: { 'a.b': 1 } }, 28],
    [{ a: 1 }, { $push: { a: 1 } }, 2],
    [{ a: 1 }, { $addToSet: { a: 1 } }, 2],
    [{ a: 1 }, { $pull: { a: 1 } }, 2],
    [{ a: 1 }, { $pop: { a: 1 } }, 14],
    [{ a: 1 }, { $bit: { a: { nand: 1 } } }, 2],
    [{ a: [1] }, { $set: { 'a.$': 1 } }, 2],
    [{ a: 1 }, { $set: { 'a.$[]': 1 } }, 2],
    [{ a: [1] }, { $set: { 'a.$[e]': 1 } }, 2],
    [{ a: [1] }, { $set: { a: 1 } }, 9, { arrayFilters: [{ e: 1 }] }],
    [{ a: [{ b: 1 }] }, { $rename: { 'a.0.b': 'c' } }, 2],
    [{}, { $rename: { a: 'a' } }, 2],
    [{}, { $rename: { a: 'a.b' } }, 2],
    [{}, { $set: { _id: [1] } }, 53],
    [{}, { $nonsense: { a: 1 } }, 9],
    [{}, { $set: 1 }, 9],
    [{}, { $set: { 'a..b': 1 } }, 56],
    [{}, { $set: { $a: 1 } }, 52],
    [{}, { a: 1, $b: 1 }, 52],
    [{}, [{ $match: {} }], 72],
  ])('%j refuses %j with code %i', (document, change, code, around) => {
    expect(() => update(document, change, around)).toThrow(expect.objectContaining({ code }))
  })

  it('adds longs exactly', () => {
    const small = fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n })
    fc.assert(
      fc.property(small, small, (a, b) => {
        const { n } = update({ n: Long.fromBigInt(a) }, { $inc: { n: Long.fromBigInt(b) } })
        expect((n as Long).toBigInt()).toBe(a + b)
      }),
    )
  })
})

describe('upsertSeed', () => {
  const id = new ObjectId('650000000000000000000001')
  it.each<[filter: Document, seed: Document]>([
    [{ a: 1, b: { $gt: 5 } }, { a: 1 }],
    [
      { _id: id, 'a.b': { $eq: 2 } },
      { _id: id, a: { b: 2 } },
    ],
    [{ $and: [{ a: 1 }, { b: { $in: [3] } }] }, { a: 1, b: 3 }],
    [{ $or: [{ a: 1 }] }, { a: 1 }],
    [{ $or: [{ a: 1 }, { a: 2 }] }, {}],
    [
      { a: { $all: [1] }, b: null },
      { a: 1, b: null },
    ],
  ])('of %j is %j', (filter, seed) => {
    expect(exactly(upsertSeed(asStored(filter)))).toBe(exactly(seed))
  })

  it('refuses two values for one path', () => {
    expect(() => upsertSeed({ a: 1, $and: [{ a: 2 }] })).toThrow(expect.objectContaining({ code: 54 }))
  })
})
