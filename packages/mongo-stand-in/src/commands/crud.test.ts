import { Decimal128, type Document, Double, Int32, Long, ObjectId } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { failure, startTestServer } from '../testing/test-server.ts'

describe('reads and writes through the official driver', { timeout: 30_000 }, () => {
  it('gives back every number type as it was written', async () => {
    await using server = await startTestServer()
    const numbers = server.db.collection('numbers', { promoteValues: false })
    const document = {
      _id: new ObjectId(),
      i: new Int32(1),
      l: Long.fromNumber(1),
      d: new Double(1),
      m: Decimal128.fromString('1.50'),
    }
    await numbers.insertOne(document)
    await numbers.updateOne({ i: 1 }, { $inc: { l: 1 }, $set: { x: new Double(-0) } })
    const found = await numbers.findOne({ l: 2 })
    expect(found?.i).toBeInstanceOf(Int32)
    expect(found?.l).toEqual(Long.fromNumber(2))
    expect(found?.d).toBeInstanceOf(Double)
    expect(String(found?.m)).toBe('1.50')
    expect(Object.is(found?.x.valueOf(), -0)).toBe(true)
  })

  it('reads a long result through a cursor in batches, in the order of insertion', async () => {
    await using server = await startTestServer()
    const many = server.db.collection<{ _id: string; n: number }>('many')
    await many.insertMany(Array.from({ length: 2500 }, (_, n) => ({ _id: `${(n * 7) % 2500}`, n })))
    const found = await many.find({}, { batchSize: 100 }).toArray()
    expect(found.map(({ n }) => n)).toEqual(Array.from({ length: 2500 }, (_, n) => n))
  })

  it('finds ranges of _id in order, forwards and backwards, with a hint', async () => {
    await using server = await startTestServer()
    const ids = server.db.collection<{ _id: number }>('ids')
    await ids.insertMany(Array.from({ length: 300 }, (_, n) => ({ _id: (n * 7) % 300 })))
    const page = await ids
      .find({ _id: { $gte: 100, $lt: 200 } })
      .sort({ _id: 1 })
      .limit(5)
      .hint({ _id: 1 })
      .toArray()
    expect(page.map(({ _id }) => _id)).toEqual([100, 101, 102, 103, 104])
    const last = await ids
      .find({ _id: { $lt: 50 } })
      .sort({ _id: -1 })
      .skip(1)
      .limit(2)
      .toArray()
    expect(last.map(({ _id }) => _id)).toEqual([48, 47])
    expect(await ids.countDocuments({ _id: { $in: [1, 2, 999] } })).toBe(2)
  })

  it('counts what an ordered insert did before its first duplicate, and goes on unordered', async () => {
    await using server = await startTestServer()
    const users = server.db.collection<{ _id: number; email: string }>('users')
    await users.createIndex({ email: 1 }, { unique: true })
    const documents = [
      { _id: 1, email: 'a' },
      { _id: 2, email: 'a' },
      { _id: 3, email: 'c' },
    ]
    const ordered = await failure(users.insertMany(documents))
    expect(ordered).toMatchObject({ code: 11000 })
    expect(ordered.message).toContain('index: email_1 dup key: { email: "a" }')
    expect(await users.countDocuments()).toBe(1)
    await failure(
      users.insertMany(
        [
          { _id: 4, email: 'a' },
          { _id: 5, email: 'e' },
        ],
        { ordered: false },
      ),
    )
    expect((await users.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id)).toEqual([1, 5])
  })

  it('keeps unique keys through updates, deletes and partial and sparse indexes', async () => {
    await using server = await startTestServer()
    const items = server.db.collection<{
      _id: number
      code?: string | null
      live?: boolean
      tags?: string[]
    }>('items')
    await items.createIndex({ code: 1 }, { unique: true, partialFilterExpression: { live: true } })
    await items.createIndex({ tags: 1 }, { unique: true, sparse: true })
    await items.insertMany([
      { _id: 1, code: 'x', live: true, tags: ['a', 'b'] },
      { _id: 2, code: 'x', live: false },
      { _id: 3, code: 'x', live: false },
    ])
    expect(await failure(items.updateOne({ _id: 2 }, { $set: { live: true } }))).toMatchObject({
      code: 11000,
    })
    expect(await failure(items.updateOne({ _id: 3 }, { $set: { tags: ['c', 'b'] } }))).toMatchObject({
      code: 11000,
    })
    await items.deleteOne({ _id: 1 })
    await items.updateOne({ _id: 2 }, { $set: { live: true, tags: ['b'] } })
    expect(await items.findOne({ code: 'x', live: true })).toMatchObject({ _id: 2 })
  })

  it('refuses a unique index over documents that break it, and takes it after they are mended', async () => {
    await using server = await startTestServer()
    const users = server.db.collection<{ _id: number; email: string }>('users')
    await users.insertMany([
      { _id: 1, email: 'a' },
      { _id: 2, email: 'a' },
    ])
    expect(await failure(users.createIndex({ email: 1 }, { unique: true }))).toMatchObject({ code: 11000 })
    await users.updateOne({ _id: 2 }, { $set: { email: 'b' } })
    await users.createIndex({ email: 1 }, { unique: true })
    expect((await users.indexes()).map(({ name }) => name)).toEqual(['_id_', 'email_1'])
  })

  it('answers findAndModify, upserts and bulk writes like a mongod', async () => {
    await using server = await startTestServer()
    const counters = server.db.collection<{ _id: string; n: number; kind?: string }>('counters')
    const first = await counters.findOneAndUpdate(
      { _id: 'a' },
      { $inc: { n: 1 }, $setOnInsert: { kind: 'new' } },
      { upsert: true, returnDocument: 'after' },
    )
    expect(first).toEqual({ _id: 'a', n: 1, kind: 'new' })
    const result = await counters.bulkWrite([
      { updateOne: { filter: { _id: 'a' }, update: { $inc: { n: 1 } } } },
      { replaceOne: { filter: { _id: 'b' }, replacement: { n: 5 }, upsert: true } },
      { deleteMany: { filter: { n: { $gt: 4 } } } },
    ])
    expect(result).toMatchObject({ matchedCount: 1, modifiedCount: 1, upsertedCount: 1, deletedCount: 1 })
    expect(await counters.find().toArray()).toEqual([{ _id: 'a', n: 2, kind: 'new' }])
  })

  it('writes to several collections at once with the bulkWrite of the client', async () => {
    await using server = await startTestServer()
    const { databaseName } = server.db
    const result = await server.client.bulkWrite([
      {
        name: 'insertOne',
        namespace: `${databaseName}.a`,
        document: { _id: new ObjectId(), x: 1 } as Document,
      },
      {
        name: 'insertOne',
        namespace: `${databaseName}.b`,
        document: { _id: new ObjectId(), x: 2 } as Document,
      },
      { name: 'updateOne', namespace: `${databaseName}.a`, filter: { x: 1 }, update: { $set: { y: 1 } } },
    ])
    expect(result).toMatchObject({ insertedCount: 2, modifiedCount: 1 })
  })

  it('aggregates with $lookup, $group and $out', async () => {
    await using server = await startTestServer()
    await server.db.collection<{ _id: number; name: string }>('users').insertMany([
      { _id: 1, name: 'Ann' },
      { _id: 2, name: 'Bo' },
    ])
    await server.db.collection('orders').insertMany([
      { user: 1, price: 5 },
      { user: 1, price: 7 },
      { user: 2, price: 1 },
    ])
    await server.db
      .collection('orders')
      .aggregate([
        { $match: { price: { $gt: 1 } } },
        { $group: { _id: '$user', total: { $sum: '$price' } } },
        { $lookup: { from: 'users', localField: '_id', foreignField: '_id', as: 'user' } },
        { $set: { user: { $first: '$user.name' } } },
        { $out: 'totals' },
      ])
      .toArray()
    expect(await server.db.collection('totals').find().toArray()).toEqual([
      { _id: 1, total: 12, user: 'Ann' },
    ])
  })

  it('says by name what it does not support, and knows no other commands', async () => {
    await using server = await startTestServer()
    expect(await failure(server.db.command({ mapReduce: 'x' }))).toMatchObject({ code: 59 })
    expect(await failure(server.db.collection('x').createIndex({ text: 'text' }))).toMatchObject({
      code: 238,
      message: "index type 'text' is not supported by the stand-in",
    })
    const timeseries = { timeField: 'at' }
    expect(await failure(server.db.createCollection('t', { timeseries }))).toMatchObject({ code: 238 })
  })

  it('renames, drops and lists collections with their options', async () => {
    await using server = await startTestServer()
    const { db } = server
    await db.createCollection('a', { validator: { x: { $gt: 0 } } })
    await db.collection('a').insertOne({ x: 1 })
    await db.renameCollection('a', 'b')
    expect(await db.listCollections().toArray()).toMatchObject([
      { name: 'b', options: { validator: { x: { $gt: 0 } } } },
    ])
    expect(await db.collection('b').countDocuments()).toBe(1)
    await db.collection('c').insertOne({})
    expect(await failure(db.renameCollection('c', 'b'))).toMatchObject({ code: 48 })
    await db.renameCollection('c', 'b', { dropTarget: true })
    expect(await db.collection('b').findOne({ x: 1 })).toBeNull()
    await db.dropDatabase()
    expect(await db.listCollections().toArray()).toEqual([])
  })
})
