import type { Document } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { failure, startTestServer } from '../testing/test-server.ts'

interface Stored extends Document {
  _id: number
}

describe('$merge and $out', { timeout: 30_000 }, () => {
  it('replaces, merges, keeps and discards', async () => {
    await using server = await startTestServer()
    const source = server.db.collection<Stored>('source')
    const target = server.db.collection<Stored>('target')
    await source.insertMany([
      { _id: 1, n: 10, 'a.b': 'dotted' },
      { _id: 2, n: 20 },
    ])
    const merged = async (spec: Document) => {
      await target.deleteMany({})
      await target.insertOne({ _id: 1, n: 1, old: true })
      await source.aggregate([{ $merge: { into: 'target', ...spec } }]).toArray()
      return target.find().sort({ _id: 1 }).toArray()
    }
    const second = { _id: 2, n: 20 }
    expect(await merged({})).toEqual([{ _id: 1, n: 10, old: true, 'a.b': 'dotted' }, second])
    expect(await merged({ whenMatched: 'replace' })).toEqual([{ _id: 1, n: 10, 'a.b': 'dotted' }, second])
    expect(await merged({ whenMatched: 'keepExisting' })).toEqual([{ _id: 1, n: 1, old: true }, second])
    expect(await merged({ whenMatched: 'merge', whenNotMatched: 'discard' })).toHaveLength(1)
    const pipeline = [{ $set: { n: { $add: ['$n', '$$new.n', '$$more'] } } }, { $unset: 'old' }]
    expect(await merged({ whenMatched: pipeline, let: { more: { $multiply: ['$n', 2] } } })).toEqual([
      { _id: 1, n: 31 },
      second,
    ])
  })

  it('tells what does not match, and matches twice', async () => {
    await using server = await startTestServer()
    const source = server.db.collection<Stored>('source')
    await source.insertMany([{ _id: 1, k: 'a' }])
    const merge = (spec: Document) => source.aggregate([{ $merge: { into: 'target', ...spec } }]).toArray()
    expect((await failure(merge({ whenNotMatched: 'fail' }))).code).toBe(13113)
    await merge({})
    expect((await failure(merge({ whenMatched: 'fail' }))).code).toBe(11000)
    expect((await failure(merge({ on: 'k' }))).code).toBe(51183)
    expect((await failure(merge({ whenMatched: 'fail', whenNotMatched: 'discard' }))).code).toBe(51181)
    expect((await failure(merge({ let: { a: 1 } }))).code).toBe(51199)
    expect((await failure(merge({ whenMatched: [], let: { new: 1 } }))).code).toBe(51273)
    expect((await failure(merge({ whenMatched: [{ $set: { a: '$$nonsense' } }] }))).code).toBe(17276)
    expect((await failure(merge({ whenMatched: [{ $limit: 1 }] }))).code).toBe(72)
  })

  it('finds by other fields through their unique index', async () => {
    await using server = await startTestServer()
    const source = server.db.collection<Stored>('source')
    const target = server.db.collection<Stored>('target')
    await target.createIndex({ k: 1, year: 1 }, { unique: true })
    await target.insertOne({ _id: 7, k: 'a', year: 2024, n: 1 })
    await source.insertMany([
      { _id: 1, k: 'a', year: 2024, n: 5 },
      { _id: 2, k: 'a', year: 2025, n: 6 },
    ])
    const merge = { $merge: { into: 'target', on: ['year', 'k'] } }
    await source.aggregate([{ $project: { _id: 0 } }, merge]).toArray()
    const found = await target.find().sort({ year: 1 }).toArray()
    expect(found).toEqual([
      { _id: 7, k: 'a', year: 2024, n: 5 },
      { _id: expect.anything(), k: 'a', year: 2025, n: 6 },
    ])
    // With an _id of its own it would change that of the document that is there.
    expect((await failure(source.aggregate([merge]).toArray())).code).toBe(66)
  })

  it('writes into other databases', async () => {
    await using server = await startTestServer()
    const source = server.db.collection<Stored>('source')
    const other = `${server.db.databaseName}-other`
    await source.insertMany([{ _id: 1 }, { _id: 2 }])
    await source.aggregate([{ $match: { _id: 1 } }, { $out: { db: other, coll: 'target' } }]).toArray()
    await source
      .aggregate([{ $match: { _id: 2 } }, { $merge: { into: { db: other, coll: 'target' } } }])
      .toArray()
    expect(await server.client.db(other).collection<Stored>('target').find().toArray()).toEqual([
      { _id: 1 },
      { _id: 2 },
    ])
  })

  it('joins through an index of the other collection', async () => {
    await using server = await startTestServer()
    const orders = server.db.collection<Stored>('orders')
    const items = server.db.collection<Stored>('items')
    await orders.insertMany([
      { _id: 1, skus: ['b', 'a'] },
      { _id: 2, skus: null },
      { _id: 3 },
      { _id: 4, skus: [] },
    ])
    await items.insertMany([{ _id: 1, sku: 'a' }, { _id: 2, sku: ['b', 'c'] }, { _id: 3 }])
    const lookup = { from: 'items', localField: 'skus', foreignField: 'sku', as: 'items' }
    const joined = async () => {
      const found = await orders.aggregate([{ $lookup: lookup }, { $sort: { _id: 1 } }]).toArray()
      return found.map((order) => order.items.map(({ _id }: Stored) => _id))
    }
    const expected = [[1, 2], [3], [3], []]
    expect(await joined()).toEqual(expected)
    await items.createIndex({ sku: 1 })
    expect(await joined()).toEqual(expected)
    const first = {
      $lookup: {
        ...lookup,
        let: { id: '$_id' },
        pipeline: [{ $match: { $expr: { $gt: ['$_id', '$$id'] } } }],
      },
    }
    const [order] = await orders.aggregate([{ $match: { _id: 1 } }, first]).toArray()
    expect(order?.items.map(({ _id }: Stored) => _id)).toEqual([2])
  })
})
