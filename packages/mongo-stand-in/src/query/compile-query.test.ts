import { Binary, BSONRegExp, Decimal128, type Document, Double, Int32, Long, MinKey, ObjectId } from 'bson'
import { describe, expect, it } from 'vitest'
import { asStored } from '../bson/as-stored.ts'
import { collationFrom } from '../bson/compare.ts'
import { compileQuery } from './compile-query.ts'

const id = new ObjectId('650000000000000000000001')
const matches = (document: Document, filter: Document) =>
  compileQuery(asStored(filter)).test(asStored(document))

type Case = [document: Document, filter: Document, expected: boolean]

const COMPARISON: Case[] = [
  [{ a: Long.fromNumber(5) }, { a: 5 }, true],
  [{ a: 5 }, { a: Long.fromNumber(5) }, true],
  [{ a: Decimal128.fromString('1.00') }, { a: Decimal128.fromString('1.0') }, true],
  [{ a: Decimal128.fromString('10') }, { a: { $gt: Decimal128.fromString('9') } }, true],
  [{ a: id }, { a: new ObjectId(id.toHexString()) }, true],
  [{ a: 'x' }, { a: { $gt: 5 } }, false],
  [{ a: new Date(1) }, { a: { $gt: 5 } }, false],
  [{ a: 'x' }, { a: { $gt: new MinKey() } }, true],
  [{ a: null }, { a: { $lte: null } }, true],
  [{}, { a: { $gte: null } }, true],
  [{ a: null }, { a: { $gt: null } }, false],
  [{ a: Number.NaN }, { a: Number.NaN }, true],
  [{ a: Number.NaN }, { a: { $lt: 5 } }, false],
  [{ a: Number.NaN }, { a: { $gte: Number.NaN } }, true],
  [{ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }, false],
  [{ a: { x: 1, y: 2 } }, { a: { x: Long.fromNumber(1), y: 2 } }, true],
  [{ a: new Binary(Buffer.from('ab')) }, { a: new Binary(Buffer.from('ab')) }, true],
  [{ a: new Binary(Buffer.from('ab')) }, { a: new Binary(Buffer.from('ab'), 4) }, false],
  [{ a: 1 }, { a: { $ne: 1 } }, false],
  [{}, { a: { $ne: 1 } }, true],
  [{ a: [1, 2] }, { a: { $ne: 1 } }, false],
  [{ a: 2 }, { a: { $in: [1, Long.fromNumber(2)] } }, true],
  [{}, { a: { $in: [null] } }, true],
  [{ a: 'abc' }, { a: { $in: [new BSONRegExp('^ab')] } }, true],
  [{ a: [1, 5] }, { a: { $nin: [5] } }, false],
]

const ARRAYS_AND_PATHS: Case[] = [
  [{ a: [1, 9] }, { a: { $gt: 8, $lt: 2 } }, true],
  [{ a: [1, 9] }, { a: { $elemMatch: { $gt: 8, $lt: 2 } } }, false],
  [{ a: [1, 2] }, { a: [1, 2] }, true],
  [{ a: [1, 2] }, { a: [2, 1] }, false],
  [{ a: [[1, 2]] }, { a: [1, 2] }, true],
  [{ a: [[5]] }, { a: 5 }, false],
  [{ a: [[5]] }, { a: { $elemMatch: { $gt: 4 } } }, false],
  [{ a: [{ b: [{ c: 3 }] }] }, { 'a.b.c': 3 }, true],
  [{ a: [{ b: 1 }, { b: 2 }] }, { 'a.1.b': 2 }, true],
  [{ a: [{ b: 1 }, { b: 2 }] }, { 'a.0.b': 2 }, false],
  [{ a: { 0: 7 } }, { 'a.0': 7 }, true],
  [{ a: [3] }, { 'a.b': null }, false],
  [{ a: [{ c: 1 }] }, { 'a.b': null }, true],
  [{ a: [3] }, { 'a.b': { $exists: false } }, true],
  [{ a: [{ b: 1 }, {}] }, { 'a.b': { $exists: true } }, true],
  [{ a: null }, { a: { $exists: true } }, true],
  [{ a: 1 }, { a: { $exists: 0 } }, false],
  [{ a: [1, 2] }, { a: { $size: 2 } }, true],
  [{ a: [[1, 2]] }, { a: { $size: 2 } }, false],
  [{ a: [1, 2, 3] }, { a: { $all: [3, 1] } }, true],
  [{ a: [1] }, { a: { $all: [] } }, false],
  [{ a: 1 }, { a: { $all: [1] } }, true],
  [{ a: [{ x: 1, y: 2 }] }, { a: { $all: [{ $elemMatch: { x: 1, y: 2 } }] } }, true],
  [
    {
      a: [
        { x: 1, y: 2 },
        { x: 3, y: 4 },
      ],
    },
    { a: { $elemMatch: { x: 1, y: 4 } } },
    false,
  ],
  [{ a: [{ x: 1, y: 2 }] }, { a: { $elemMatch: { $or: [{ x: 9 }, { y: 2 }] } } }, true],
]

const OTHERS: Case[] = [
  [{ a: Long.fromNumber(1) }, { a: { $type: 'long' } }, true],
  [{ a: 1 }, { a: { $type: ['string', 16] } }, true],
  [{ a: Decimal128.fromString('1') }, { a: { $type: 'number' } }, true],
  [{ a: ['x'] }, { a: { $type: 'string' } }, true],
  [{ a: ['x'] }, { a: { $type: 'array' } }, true],
  [{}, { a: { $type: 'null' } }, false],
  [{ a: 'ABC' }, { a: { $regex: 'b', $options: 'i' } }, true],
  [{ a: 'x\nabc' }, { a: { $regex: '^abc', $options: 'm' } }, true],
  [{ a: 'abc' }, { a: { $regex: 'A B # comment', $options: 'ix' } }, true],
  [{ a: 'abc' }, { a: { $not: new BSONRegExp('b') } }, false],
  [{ a: 5 }, { a: { $not: new BSONRegExp('b') } }, true],
  [{ a: 5 }, { a: { $not: { $gt: 4 } } }, false],
  [{ a: 5.9 }, { a: { $mod: [5, 0] } }, true],
  [{ a: -5 }, { a: { $mod: [4, -1] } }, true],
  [{ a: 20 }, { a: { $bitsAllSet: [2, 4] } }, true],
  [{ a: 20 }, { a: { $bitsAnyClear: 20 } }, false],
  [{ a: -1 }, { a: { $bitsAllSet: [0, 31, 100] } }, true],
  [{ a: new Binary(Buffer.from([0, 1])) }, { a: { $bitsAllSet: [8] } }, true],
  [{ a: 3, b: 2 }, { $expr: { $gt: ['$a', '$b'] } }, true],
  [{ a: Long.fromNumber(10) }, { $expr: { $gt: ['$a', 9] } }, true],
  [{ a: 1, b: 2 }, { $or: [{ a: 9 }, { b: 2 }] }, true],
  [{ a: 1, b: 2 }, { $nor: [{ a: 9 }, { b: 2 }] }, false],
  [{ a: 1 }, { $and: [{ a: 1 }, { a: { $lt: 2 } }], $comment: 'why' }, true],
]

describe('compileQuery', () => {
  it.each([...COMPARISON, ...ARRAYS_AND_PATHS, ...OTHERS])('%j with %j: %s', (document, filter, expected) => {
    expect(matches(document, filter)).toBe(expected)
  })

  it('sees variables in $expr', () => {
    const query = compileQuery({ $expr: { $eq: ['$a', '$$wanted'] } }, { let: { wanted: new Int32(3) } })
    expect(query.test(asStored({ a: 3 }))).toBe(true)
    expect(query.test(asStored({ a: 4 }))).toBe(false)
  })

  it('matches by collation', () => {
    const collation = collationFrom({ locale: 'en', strength: 2 })
    expect(compileQuery({ a: { $in: ['ping'] } }, { collation }).test({ a: 'PING' })).toBe(true)
    expect(compileQuery({ a: 'ping' }, { collation }).test({ a: 'PING' })).toBe(true)
    expect(compileQuery({ a: 'ping' }).test({ a: 'PING' })).toBe(false)
  })

  it.each([
    [{ a: [5, 7] }, { a: 7 }, 1],
    [{ x: 1, a: [5, 7] }, { x: 1, a: { $gt: 6 } }, 1],
    [{ a: [{ k: 1 }, { k: 2 }] }, { 'a.k': 2 }, 1],
    [{ a: [{ k: 1 }, { k: 2 }] }, { a: { $elemMatch: { k: 2 } } }, 1],
    [{ a: 7 }, { a: 7 }, undefined],
    [{ a: [5] }, { a: 7 }, undefined],
  ])('the position in %j that %j means: %s', (document, filter, position) => {
    expect(compileQuery(asStored(filter)).positional(asStored(document))).toBe(position)
  })

  it('tells the equalities that an index can use', () => {
    const filter = {
      a: new Int32(1),
      b: { $eq: 'x' },
      c: { $gt: 1 },
      d: null,
      e: [1],
      f: new BSONRegExp('x'),
      $and: [{ g: { $in: [new Double(2)] } }],
      $or: [{ h: 1 }],
    }
    expect(compileQuery(filter).equalities).toEqual(
      new Map<string, unknown>([
        ['a', new Int32(1)],
        ['b', 'x'],
        ['g', new Double(2)],
      ]),
    )
  })

  it.each([
    [{ a: { $foo: 1 } }, 2],
    [{ $foo: 1 }, 2],
    [{ a: { $gt: 1, b: 2 } }, 2],
    [{ $and: [] }, 2],
    [{ a: { $in: 1 } }, 2],
    [{ a: { $type: 'nonsense' } }, 2],
    [{ a: { $mod: [0, 1] } }, 2],
    [{ a: { $regex: '(' } }, 51091],
    [{ $where: 'true' }, 238],
    [{ $sampleRate: 'x' }, 2],
    [{ $sampleRate: 1.5 }, 2],
    [{ a: { $near: [0, 0] } }, 238],
    [{ $expr: { $nonsense: 1 } }, 168],
    [{ $expr: { $eq: ['$$nobody', 1] } }, 17276],
  ])('refuses %j with code %i', (filter, code) => {
    expect(() => compileQuery(asStored(filter))).toThrow(expect.objectContaining({ code }))
  })
  it('lets none, all or a part of the documents through at random', () => {
    const passed = (rate: number) => {
      const query = compileQuery(asStored({ $sampleRate: rate }))
      return Array.from({ length: 1000 }, () => query.test({})).filter(Boolean).length
    }
    expect(passed(0)).toBe(0)
    expect(passed(1)).toBe(1000)
    // Outside of these bounds once in far more than a billion runs.
    expect(passed(0.5)).toBeGreaterThan(350)
    expect(passed(0.5)).toBeLessThan(650)
  })
})
