import { Long } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { failure, sleep, startTestServer, type TestServer, temporaryFolder } from '../testing/test-server.ts'

interface Numbered {
  _id: number
  text?: string
}

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const ids = (documents: Numbered[]) => documents.map(({ _id }) => _id)
const numbered = (count: number, from = 1) =>
  Array.from({ length: count }, (_none, at) => ({ _id: from + at }))

describe('a capped collection', () => {
  beforeEach(() => server.db.dropDatabase())
  const capped = (options: object) => server.db.createCollection<Numbered>('c', { capped: true, ...options })

  test('keeps the newest documents, as many as it may', async () => {
    const collection = await capped({ size: 10_000, max: 3 })
    await collection.insertMany(numbered(5))
    expect(ids(await collection.find().toArray())).toEqual([3, 4, 5])
    expect(ids(await collection.find({ _id: { $gt: 0 } }).toArray())).toEqual([3, 4, 5])
    expect(await collection.countDocuments({ _id: 1 })).toBe(0)
    await collection.insertOne({ _id: 1 })
    expect(ids(await collection.find().sort({ $natural: 1 }).toArray())).toEqual([4, 5, 1])
  })

  test('keeps as many bytes as it may', async () => {
    const collection = await capped({ size: 1000 })
    for (const document of numbered(20)) await collection.insertOne({ ...document, text: 'x'.repeat(100) })
    const kept = ids(await collection.find().toArray())
    expect(kept.length).toBeGreaterThan(5)
    expect(kept.length).toBeLessThan(10)
    expect(kept.at(-1)).toBe(20)
    expect(await failure(collection.insertOne({ _id: 21, text: 'x'.repeat(1000) }))).toMatchObject({
      code: 2,
    })
  })

  test('is listed with its limits, needs a size, and refuses transactions', async () => {
    const collection = await capped({ size: 1000, max: 3 })
    const [listed] = await server.db.listCollections({}, { promoteLongs: false }).toArray()
    expect(listed).toMatchObject({
      options: { capped: true, size: Long.fromNumber(1000), max: Long.fromNumber(3) },
    })
    expect(await collection.isCapped()).toBe(true)
    expect(await failure(server.db.command({ create: 'other', capped: true }))).toMatchObject({ code: 72 })
    expect(await failure(server.db.command({ create: 'other', size: 1000 }))).toMatchObject({ code: 72 })
    await server.client.withSession(async (session) => {
      session.startTransaction()
      expect(await failure(collection.insertOne({ _id: 1 }, { session }))).toMatchObject({ code: 263 })
      await session.abortTransaction()
    })
  })

  test('holds the same after a restart', async () => {
    using folder = temporaryFolder()
    {
      await using first = await startTestServer({ data: folder.path })
      const collection = await first.client
        .db('d')
        .createCollection<Numbered>('c', { capped: true, size: 999, max: 2 })
      await collection.insertMany(numbered(4))
    }
    await using second = await startTestServer({ data: folder.path })
    const collection = second.client.db('d').collection<Numbered>('c')
    expect(ids(await collection.find().toArray())).toEqual([3, 4])
    await collection.insertOne({ _id: 5 })
    expect(ids(await collection.find().toArray())).toEqual([4, 5])
  })
})

describe('a tailable cursor', () => {
  beforeEach(() => server.db.dropDatabase())

  test('follows what is inserted, in order, and only what matches', async () => {
    const collection = await server.db.createCollection<Numbered>('c', { capped: true, size: 10_000 })
    await collection.insertMany(numbered(3))
    await using cursor = collection.find(
      { _id: { $ne: 2 } },
      { tailable: true, awaitData: true, maxAwaitTimeMS: 5000, batchSize: 1 },
    )
    expect([await cursor.next(), await cursor.next()]).toEqual([{ _id: 1 }, { _id: 3 }])
    const later = cursor.next()
    await sleep(50)
    await collection.insertMany(numbered(2, 4))
    expect([await later, await cursor.next()]).toEqual([{ _id: 4 }, { _id: 5 }])
  })

  test('answers at once at the end if it does not await data', async () => {
    const collection = await server.db.createCollection<Numbered>('c', { capped: true, size: 10_000 })
    await collection.insertOne({ _id: 1 })
    await using cursor = collection.find({}, { tailable: true })
    expect(await cursor.tryNext()).toEqual({ _id: 1 })
    const start = Date.now()
    expect(await cursor.tryNext()).toBeNull()
    expect(Date.now() - start).toBeLessThan(500)
    await collection.insertOne({ _id: 2 })
    expect(await cursor.tryNext()).toEqual({ _id: 2 })
  })

  test('waits no longer than maxTimeMS', async () => {
    const collection = await server.db.createCollection<Numbered>('c', { capped: true, size: 10_000 })
    await collection.insertOne({ _id: 1 })
    const { cursor } = await server.db.command({ find: 'c', tailable: true, awaitData: true })
    const start = Date.now()
    const reply = await server.db.command({ getMore: cursor.id, collection: 'c', maxTimeMS: 100 })
    expect(reply.cursor.nextBatch).toEqual([])
    expect(String(reply.cursor.id)).toBe(String(cursor.id))
    expect(Date.now() - start).toBeGreaterThan(80)
  })

  test('ends when its place has been overwritten, or when there was nothing to hold on to', async () => {
    const collection = await server.db.createCollection<Numbered>('c', { capped: true, size: 10_000, max: 2 })
    expect((await server.db.command({ find: 'c', tailable: true })).cursor.id).toEqual(0)
    await collection.insertMany(numbered(2))
    await using cursor = collection.find({}, { tailable: true, batchSize: 1 })
    await cursor.next()
    await collection.insertMany(numbered(2, 3))
    expect(await failure(cursor.next())).toMatchObject({ code: 136 })
  })

  test('is for capped collections, in natural order', async () => {
    await server.db.collection('plain').insertOne({})
    expect(await failure(server.db.command({ find: 'plain', tailable: true }))).toMatchObject({ code: 2 })
    await server.db.createCollection('c', { capped: true, size: 1000 })
    expect(await failure(server.db.command({ find: 'c', tailable: true, sort: { a: 1 } }))).toMatchObject({
      code: 2,
    })
    expect(await failure(server.db.command({ find: 'c', awaitData: true }))).toMatchObject({ code: 2 })
  })
})

describe('getMore', () => {
  test('takes maxTimeMS only where the cursor awaits data, and only under its own name', async () => {
    await server.db.collection<Numbered>('numbers').insertMany(numbered(3, 100))
    const { cursor } = await server.db.command({ find: 'numbers', batchSize: 1 })
    const getMore = (options: object) =>
      server.db.command({ getMore: cursor.id, collection: 'numbers', ...options })
    expect(await failure(getMore({ maxTimeMS: 100 }))).toMatchObject({ code: 2 })
    expect(await failure(getMore({ collection: 'other' }))).toMatchObject({ code: 13 })
    expect((await getMore({})).cursor.nextBatch).toHaveLength(2)
  })
})

test('a clustered collection is its own index', async () => {
  await server.db.dropDatabase()
  const clusteredIndex = { key: { _id: 1 }, unique: true, name: 'by id' }
  const collection = await server.db.createCollection('c', { clusteredIndex })
  expect(await collection.indexes()).toEqual([
    { v: 2, key: { _id: 1 }, name: 'by id', unique: true, clustered: true },
  ])
  const [listed] = await server.db.listCollections().toArray()
  expect(listed).toMatchObject({ options: { clusteredIndex: { v: 2, ...clusteredIndex } } })
  expect(listed).not.toHaveProperty('idIndex')
  expect(
    await failure(server.db.command({ create: 'd', clusteredIndex: { key: { a: 1 }, unique: true } })),
  ).toMatchObject({ code: 197 })
})
