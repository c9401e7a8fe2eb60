import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { failure, startTestServer, type TestServer, temporaryFolder } from '../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const orders = [
  { _id: 1, who: 'ann', total: 10, tags: ['a', 'b'] },
  { _id: 2, who: 'bob', total: 20, tags: ['b'] },
  { _id: 3, who: 'ann', total: 30, tags: [] },
]

describe('a view', () => {
  beforeEach(async () => {
    const { db } = server
    await db.dropDatabase()
    await db.collection<{ _id: number }>('orders').insertMany(orders)
    await db.collection('orders').createIndex({ who: 1 })
    await db.createCollection('ofAnn', { viewOn: 'orders', pipeline: [{ $match: { who: 'ann' } }] })
  })

  test('is read as the collection with its pipeline in front', async () => {
    const view = server.db.collection('ofAnn')
    expect(await view.find({}, { sort: { total: -1 }, projection: { total: 1 } }).toArray()).toEqual([
      { _id: 3, total: 30 },
      { _id: 1, total: 10 },
    ])
    expect(await view.find({ total: { $gt: 10 } }, { skip: 0, limit: 5 }).toArray()).toEqual([orders[2]])
    expect(await view.find({}, { batchSize: 1 }).toArray()).toHaveLength(2)
    expect(await view.countDocuments({ tags: 'a' })).toBe(1)
    expect(await view.estimatedDocumentCount()).toBe(2)
    expect(await view.distinct('tags')).toEqual(['a', 'b'])
    const sums = await view.aggregate([{ $group: { _id: '$who', sum: { $sum: '$total' } } }]).toArray()
    expect(sums).toEqual([{ _id: 'ann', sum: 40 }])
    const explained = await view.find({ total: 10 }).explain()
    expect(explained.queryPlanner.namespace).toBe(`${server.db.databaseName}.orders`)
    expect(explained.queryPlanner.winningPlan.inputStage.indexName).toBe('who_1')
    expect(explained.executionStats.nReturned).toBe(1)
  })

  test('may stand on a view, and be looked up or united with', async () => {
    const { db } = server
    await db.createCollection('cheap', { viewOn: 'ofAnn', pipeline: [{ $match: { total: { $lt: 20 } } }] })
    expect(await db.collection('cheap').find().toArray()).toEqual([orders[0]])
    const joined = await db
      .collection('orders')
      .aggregate([
        { $match: { _id: 2 } },
        { $lookup: { from: 'cheap', pipeline: [{ $project: { total: 1 } }], as: 'cheap' } },
        { $project: { cheap: 1 } },
      ])
      .toArray()
    expect(joined).toEqual([{ _id: 2, cheap: [{ _id: 1, total: 10 }] }])
    const united = await db
      .collection('cheap')
      .aggregate([{ $unionWith: 'ofAnn' }, { $count: 'n' }])
      .toArray()
    expect(united).toEqual([{ n: 3 }])
    await db.createCollection('joins', {
      viewOn: 'orders',
      pipeline: [
        { $match: { _id: 2 } },
        { $lookup: { from: 'cheap', pipeline: [], as: 'c' } },
        { $unwind: '$c' },
      ],
    })
    expect(await db.collection('joins').countDocuments()).toBe(1)
  })

  test('follows its collection, there or not', async () => {
    const { db } = server
    await db.collection('orders').drop()
    expect(await db.collection('ofAnn').find().toArray()).toEqual([])
    await db.collection('orders').insertOne({ who: 'ann' })
    expect(await db.collection('ofAnn').countDocuments()).toBe(1)
  })

  test('is seen by a transaction as its snapshot is', async () => {
    const { client, db } = server
    const view = db.collection('ofAnn')
    await client.withSession(async (session) => {
      session.startTransaction()
      expect(await view.find({}, { session }).toArray()).toHaveLength(2)
      await db.collection('orders').insertOne({ who: 'ann' })
      await db.collection('orders').insertOne({ who: 'ann' }, { session })
      expect(await view.find({}, { session }).toArray()).toHaveLength(3)
      await session.abortTransaction()
    })
    expect(await view.countDocuments()).toBe(3)
  })

  test.each([
    ['insert', { insert: 'ofAnn', documents: [{}] }],
    ['update', { update: 'ofAnn', updates: [{ q: {}, u: { $set: { a: 1 } } }] }],
    ['upsert', { update: 'ofAnn', updates: [{ q: {}, u: { $set: { a: 1 } }, upsert: true }] }],
    ['delete', { delete: 'ofAnn', deletes: [{ q: {}, limit: 0 }] }],
  ])('refuses %s, as an error of the statement', async (_name, command) => {
    const reply = await server.db.command(command)
    expect(reply).toMatchObject({ n: 0, writeErrors: [{ index: 0, code: 166 }] })
  })

  test.each([
    ['findAndModify', { findAndModify: 'ofAnn', update: { $set: { a: 1 } } }],
    ['createIndexes', { createIndexes: 'ofAnn', indexes: [{ key: { a: 1 }, name: 'a' }] }],
    ['dropIndexes', { dropIndexes: 'ofAnn', index: '*' }],
    ['listIndexes', { listIndexes: 'ofAnn' }],
    ['collStats', { collStats: 'ofAnn' }],
    ['$out', { aggregate: 'orders', pipeline: [{ $out: 'ofAnn' }], cursor: {} }],
    ['$merge', { aggregate: 'orders', pipeline: [{ $merge: 'ofAnn' }], cursor: {} }],
    ['a change stream', { aggregate: 'ofAnn', pipeline: [{ $changeStream: {} }], cursor: {} }],
    ['$indexStats', { aggregate: 'ofAnn', pipeline: [{ $indexStats: {} }], cursor: {} }],
  ])('refuses %s', async (_name, command) => {
    expect(await failure(server.db.command(command))).toMatchObject({ code: 166 })
  })

  test('cannot be renamed, and nothing can take its name', async () => {
    const { db } = server
    expect(await failure(db.renameCollection('ofAnn', 'other'))).toMatchObject({ code: 166 })
    expect(await failure(db.renameCollection('orders', 'ofAnn', { dropTarget: true }))).toMatchObject({
      code: 48,
    })
    expect(await failure(db.createCollection('ofAnn'))).toMatchObject({ code: 48 })
  })

  test('is listed with its definition and dropped without its collection', async () => {
    const { db } = server
    const [listed] = await db.listCollections({ name: 'ofAnn' }).toArray()
    expect(listed).toEqual({
      name: 'ofAnn',
      type: 'view',
      options: { viewOn: 'orders', pipeline: [{ $match: { who: 'ann' } }] },
      info: { readOnly: true },
    })
    await db.collection('ofAnn').drop()
    expect(await db.listCollections().toArray()).toHaveLength(1)
  })

  test('is described anew by collMod, as a whole', async () => {
    const { db } = server
    await db.command({ collMod: 'ofAnn', viewOn: 'orders', pipeline: [{ $match: { who: 'bob' } }] })
    expect(await db.collection('ofAnn').find().toArray()).toEqual([orders[1]])
    expect(await failure(db.command({ collMod: 'ofAnn', pipeline: [] }))).toMatchObject({ code: 72 })
    expect(await failure(db.command({ collMod: 'ofAnn', validator: {} }))).toMatchObject({ code: 72 })
    expect(await failure(db.command({ collMod: 'orders', viewOn: 'x', pipeline: [] }))).toMatchObject({
      code: 72,
    })
  })

  test('must make sense: no writing stage, no unknown stage, no cycle, not too deep', async () => {
    const { db } = server
    const create = (name: string, viewOn: string, pipeline: object[] = []) =>
      db.command({ create: name, viewOn, pipeline })
    expect(await failure(create('v', 'orders', [{ $out: 'x' }]))).toMatchObject({ code: 167 })
    expect(await failure(create('v', 'orders', [{ $nothing: {} }]))).toMatchObject({ code: 40324 })
    expect(await failure(create('v', 'v'))).toMatchObject({ code: 5 })
    const back = { collMod: 'orders2', viewOn: 'ofAnn', pipeline: [] }
    await create('orders2', 'orders')
    await create('top', 'orders', [{ $lookup: { from: 'orders2', pipeline: [], as: 'x' } }])
    expect(await failure(db.command({ ...back, viewOn: 'top' }))).toMatchObject({ code: 5 })
    let below = 'orders'
    for (let depth = 1; depth <= 20; depth++) {
      await create(`v${depth}`, below)
      below = `v${depth}`
    }
    expect(await db.collection('v20').countDocuments()).toBe(3)
    expect(await failure(create('v21', 'v20'))).toMatchObject({ code: 165 })
  })

  test('has its own collation, which no reader can override', async () => {
    const { db } = server
    const collation = { locale: 'en', strength: 2 }
    await db.createCollection('folded', { viewOn: 'orders', pipeline: [], collation })
    expect(await db.collection('folded').countDocuments({ who: 'ANN' })).toBe(2)
    expect(
      await failure(
        db
          .collection('folded')
          .find({}, { collation: { locale: 'de' } })
          .toArray(),
      ),
    ).toMatchObject({
      code: 167,
    })
    expect(await failure(db.command({ create: 'above', viewOn: 'folded', pipeline: [] }))).toMatchObject({
      code: 167,
    })
  })

  test('appears in change streams that show expanded events', async () => {
    const { db } = server
    await using plain = db.watch([], { maxAwaitTimeMS: 50 })
    await using expanded = db.watch([], { showExpandedEvents: true, maxAwaitTimeMS: 50 })
    // Opens the cursors before anything happens.
    await plain.tryNext()
    await expanded.tryNext()
    await db.createCollection('v', { viewOn: 'orders', pipeline: [] })
    await db.command({ collMod: 'v', viewOn: 'orders', pipeline: [{ $limit: 1 }] })
    await db.collection('v').drop()
    await db.collection('orders').insertOne({})
    const types = []
    for (let count = 0; count < 3; count++) types.push(await expanded.next())
    expect(types).toMatchObject([
      { operationType: 'create', operationDescription: { viewOn: 'orders', pipeline: [] } },
      { operationType: 'modify' },
      { operationType: 'drop' },
    ])
    expect(types[0]).not.toHaveProperty('collectionUUID')
    expect(await plain.next()).toMatchObject({ operationType: 'insert' })
  })
})

test('a view is there again after a restart', async () => {
  using folder = temporaryFolder()
  {
    await using first = await startTestServer({ data: folder.path })
    await first.client
      .db('d')
      .collection('c')
      .insertMany([{ a: 1 }, { a: 2 }])
    await first.client.db('d').createCollection('v', { viewOn: 'c', pipeline: [{ $match: { a: 2 } }] })
  }
  await using second = await startTestServer({ data: folder.path })
  expect(await second.client.db('d').collection('v').countDocuments()).toBe(1)
})
