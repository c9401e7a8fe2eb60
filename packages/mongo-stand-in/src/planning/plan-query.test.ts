import { type Document, EJSON, Int32, ObjectId, serialize } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeDocument } from '../bson/decode.ts'
import { compileQuery } from '../query/compile-query.ts'
import { compileSort } from '../query/sort.ts'
import { Collection } from '../storage/collection.ts'
import { idOf } from '../storage/document-id.ts'
import { defineIndex } from '../storage/index-definition.ts'
import { keepDocument } from '../storage/kept-bytes.ts'
import { commitState, LATEST } from '../storage/stored-record.ts'
import { findDocuments } from './find-documents.ts'
import { type PlanRequest, planQuery } from './plan-query.ts'

function collectionOf(documents: Document[], indexes: Document[]): Collection {
  const collection = Collection.create('a.b', {}, 0n)
  for (const document of documents) {
    const kept = keepDocument(serialize(document))
    commitState(collection.recordFor(kept), kept, 1n)
  }
  for (const spec of indexes) collection.addIndex(defineIndex(spec))
  return collection
}

function plan(collection: Collection, request: PlanRequest) {
  const { index, ranges, reverse, sorted } = planQuery(collection, request)
  return { index: index?.definition.name, ranges: ranges.length, reverse, sorted }
}

describe('planQuery', () => {
  const collection = collectionOf(
    [{ _id: 1, email: 'a', status: 'x', at: 1 }],
    [
      { key: { status: 1, at: -1 }, name: 'status_at' },
      { key: { email: 1 }, name: 'email', unique: true },
      { key: { code: 1 }, name: 'code', sparse: true },
      { key: { ref: 1 }, name: 'ref', partialFilterExpression: { live: true } },
    ],
  )

  it.each<[string, PlanRequest, object]>([
    ['an _id', { filter: { _id: 5 } }, { index: '_id_', ranges: 1 }],
    [
      'ids',
      { filter: { _id: { $in: [3, 1, 3] } }, sort: { _id: -1 } },
      { index: '_id_', ranges: 2, sorted: true, reverse: true },
    ],
    [
      'a range of _id in order',
      { filter: { _id: { $gt: 5 } }, sort: { _id: 1 } },
      { index: '_id_', sorted: true },
    ],
    [
      'all in the order of _id',
      { filter: {}, sort: { _id: -1 } },
      { index: '_id_', reverse: true, sorted: true },
    ],
    ['an indexed field', { filter: { email: 'a', x: 1 } }, { index: 'email' }],
    [
      'an equality and the order behind it',
      { filter: { status: 'x' }, sort: { at: -1 } },
      { index: 'status_at', sorted: true, reverse: false },
    ],
    [
      'the order turned round',
      { filter: { status: 'x' }, sort: { at: 1 } },
      { index: 'status_at', sorted: true, reverse: true },
    ],
    ['a mixed order', { filter: {}, sort: { status: 1, at: 1 } }, { index: undefined, sorted: false }],
    ['a field without index', { filter: { other: 1 } }, { index: undefined, sorted: true }],
    ['null, which missing fields match too', { filter: { email: null } }, { index: undefined }],
    ['a sparse index by value', { filter: { code: 5 } }, { index: 'code' }],
    ['no sparse index for an order of all', { filter: {}, sort: { code: 1 } }, { index: undefined }],
    ['a partial index with its condition', { filter: { ref: 5, live: true } }, { index: 'ref' }],
    ['no partial index without it', { filter: { ref: 5 } }, { index: undefined }],
    ['a hint', { filter: { email: 'a' }, hint: { status: 1, at: -1 } }, { index: 'status_at' }],
  ])('finds %s', (_what, request, expected) => {
    expect(plan(collection, request)).toMatchObject(expected)
  })

  it('refuses a hint for an index that does not exist', () => {
    expect(() => planQuery(collection, { filter: {}, hint: 'nothing' })).toThrow(
      expect.objectContaining({ code: 2 }),
    )
  })
})

describe('findDocuments', () => {
  const value = fc.oneof(
    fc.integer({ min: -3, max: 3 }).map((n) => new Int32(n)),
    fc.constantFrom('a', 'b', null, true, 1.5, new Date(5)),
    fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 3 }),
    fc.record({ c: fc.integer({ min: 0, max: 2 }) }),
  )
  const document = fc.record({ a: value, b: value }, { requiredKeys: [] })
  const bound = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom('a', 'b', true, new Date(5)))
  const condition = fc.oneof(
    bound,
    fc.record({ $gte: bound }),
    fc.record({ $gt: bound, $lt: bound }),
    fc.record({ $in: fc.array(bound, { maxLength: 3 }) }),
    fc.record({ $ne: bound }),
  )
  const filter = fc.record(
    { a: condition, b: condition, 'b.c': fc.integer({ min: 0, max: 2 }) },
    { requiredKeys: [] },
  )
  const direction = fc.constantFrom(1, -1)
  const sort = fc.option(fc.record({ a: direction, b: direction }, { requiredKeys: [] }), { nil: undefined })

  it('finds through any index what a scan finds, in the order of the sort', () => {
    fc.assert(
      fc.property(
        fc.array(document, { maxLength: 25 }),
        filter,
        sort,
        direction,
        direction,
        (documents, where, order, one, two) => {
          const stored = documents.map((each, at) => ({ _id: at, ...each }))
          const collection = collectionOf(stored, [
            { key: { a: one, b: two }, name: 'both' },
            { key: { b: one }, name: 'b' },
            { key: { 'b.c': one, a: two }, name: 'inner', sparse: true },
          ])
          const request = { filter: where, sort: order }
          const found = [...findDocuments(collection, LATEST, request)].map(({ document: each }) => each)
          const query = compileQuery(where)
          const expected = stored
            .map((each) => decodeDocument(serialize(each)))
            .filter((each) => query.test(each))
          const ids = (list: Document[]) => list.map(({ _id }) => Number(_id)).toSorted((x, y) => x - y)
          expect(ids(found), EJSON.stringify({ where, order })).toEqual(ids(expected))
          const compare = compileSort(order ?? {})
          for (const [at, each] of found.entries()) {
            const next = found[at + 1]
            if (next !== undefined) expect(compare(each, next)).toBeLessThanOrEqual(0)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('finds an ObjectId among ids of other types', () => {
    const id = new ObjectId()
    const collection = collectionOf([{ _id: 'a' }, { _id: id }, { _id: 5 }, { _id: new Date(1) }], [])
    const ids = (where: Document) =>
      [...findDocuments(collection, LATEST, { filter: where })].map(({ record }) => idOf(record.key))
    expect(ids({ _id: { $gte: new ObjectId('000000000000000000000000') } })).toEqual([id])
    expect(ids({ _id: { $lt: 'b' } })).toEqual(['a'])
  })
})
