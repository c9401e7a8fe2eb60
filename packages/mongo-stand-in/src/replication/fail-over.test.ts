import { setTimeout as sleep } from 'node:timers/promises'
import { Long, MongoClient, MongoNetworkError } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { startStandIn } from '../index.ts'
import { failure, startTestServer, type TestServer, temporaryFolder } from '../testing/test-server.ts'

interface Thing {
  _id: number
  n: number
}

const local = { writeConcern: { w: 1 } } as const

async function lagging(server: TestServer) {
  const things = server.db.collection<Thing>('things')
  await things.createIndex({ n: 1 }, { unique: true })
  await things.insertMany([
    { _id: 1, n: 1 },
    { _id: 2, n: 2 },
  ])
  await server.client.db('admin').command({ standInMajorityLag: 60_000 })
  return things
}

const failOver = (client: MongoClient) => client.db('admin').command({ standInFailover: 1 })

describe('a failover', () => {
  it('undoes inserts, updates and deletes that no majority has, in documents and in indexes', async () => {
    await using server = await startTestServer()
    const things = await lagging(server)
    await things.insertOne({ _id: 3, n: 3 }, local)
    await things.updateOne({ _id: 1 }, { $set: { n: 10 } }, local)
    await things.updateOne({ _id: 1 }, { $set: { n: 11 } }, local)
    await things.deleteOne({ _id: 2 }, local)
    expect(await failOver(server.client)).toMatchObject({ rolledBack: 3 })
    expect(await things.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ])
    expect(await things.find({ n: { $gte: 3 } }).toArray()).toEqual([])
    expect(await things.countDocuments({ n: 1 })).toBe(1)
    // The unique keys of what was undone are free, those of what is back are taken.
    await things.insertOne({ _id: 4, n: 11 }, local)
    expect((await failure(things.insertOne({ _id: 5, n: 2 }, local))).code).toBe(11000)
  })

  it('leaves what a majority has', async () => {
    await using server = await startTestServer()
    const things = server.db.collection<Thing>('things')
    await things.insertOne({ _id: 1, n: 1 })
    expect(await failOver(server.client)).toMatchObject({ rolledBack: 0 })
    expect(await things.countDocuments()).toBe(1)
  })

  it('tells change streams nothing of what is gone, and everything that comes', async () => {
    await using server = await startTestServer()
    const things = await lagging(server)
    await using stream = things.watch([], { maxAwaitTimeMS: 50 })
    await stream.tryNext()
    await things.insertOne({ _id: 3, n: 3 }, local)
    await failOver(server.client)
    await things.insertOne({ _id: 4, n: 4 }, local)
    await server.client.db('admin').command({ standInMajorityLag: 0 })
    expect(await stream.next()).toMatchObject({ documentKey: { _id: 4 } })
  })

  it('lets the retry of an undone write run again', async () => {
    await using server = await startTestServer()
    const things = await lagging(server)
    await using session = server.client.startSession()
    const lsid = session.id
    const increment = {
      update: 'things',
      updates: [{ q: { _id: 1 }, u: { $inc: { n: 100 } } }],
      lsid,
      txnNumber: Long.fromNumber(1),
      writeConcern: { w: 1 },
    }
    await server.db.command({ ...increment })
    await server.db.command({ ...increment })
    expect(await things.findOne({ _id: 1 })).toEqual({ _id: 1, n: 101 })
    await failOver(server.client)
    expect(await things.findOne({ _id: 1 })).toEqual({ _id: 1, n: 1 })
    await server.db.command({ ...increment })
    expect(await things.findOne({ _id: 1 })).toEqual({ _id: 1, n: 101 })
  })

  it('ends open transactions and forgets commits that no majority has', async () => {
    await using server = await startTestServer()
    const things = await lagging(server)
    await using open = server.client.startSession()
    open.startTransaction()
    await things.insertOne({ _id: 5, n: 5 }, { session: open })
    await using committed = server.client.startSession()
    committed.startTransaction(local)
    await things.insertOne({ _id: 6, n: 6 }, { session: committed })
    await committed.commitTransaction()
    await failOver(server.client)
    expect(await failure(things.insertOne({ _id: 7, n: 7 }, { session: open }))).toMatchObject({
      code: 251,
      labels: ['TransientTransactionError'],
    })
    expect((await failure(committed.commitTransaction())).code).toBe(251)
    expect(await things.countDocuments()).toBe(2)
  })

  it('cuts the connections of everybody else and is another election', async () => {
    await using server = await startTestServer()
    await lagging(server)
    await using other = new MongoClient(server.standIn.url, { retryWrites: false, retryReads: false })
    const waiting = other.db(server.db.databaseName).collection<Thing>('things').insertOne({ _id: 9, n: 9 })
    waiting.catch(() => {})
    await sleep(100)
    const before = await server.db.command({ hello: 1 })
    await failOver(server.client)
    await expect(waiting).rejects.toBeInstanceOf(MongoNetworkError)
    const after = await server.db.command({ hello: 1 })
    expect(after.electionId.toHexString() > before.electionId.toHexString()).toBe(true)
    expect(await server.db.collection<Thing>('things').countDocuments({ _id: 9 })).toBe(0)
  })

  it('is not forgotten by a restart', async () => {
    using folder = temporaryFolder()
    let oldToken: unknown
    {
      await using server = await startTestServer({ data: folder.path })
      const things = server.client.db('kept').collection<Thing>('things')
      await things.insertMany([
        { _id: 1, n: 1 },
        { _id: 2, n: 2 },
      ])
      await using stream = things.watch([], { maxAwaitTimeMS: 20 })
      await stream.tryNext()
      oldToken = stream.resumeToken
      await server.client.db('admin').command({ standInMajorityLag: 60_000 })
      await things.updateOne({ _id: 1 }, { $set: { n: 10 } }, local)
      await things.deleteOne({ _id: 2 }, local)
      await things.insertOne({ _id: 3, n: 3 }, local)
      await failOver(server.client)
      await things.insertOne({ _id: 4, n: 4 }, local)
    }
    const standIn = await startStandIn({ data: folder.path })
    await using client = new MongoClient(standIn.url)
    const things = client.db('kept').collection<Thing>('things')
    expect(await things.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
      { _id: 4, n: 4 },
    ])
    await using stream = things.watch([], { resumeAfter: oldToken, maxAwaitTimeMS: 20 })
    expect(await stream.next()).toMatchObject({ documentKey: { _id: 4 } })
    await stream.close()
    await client.close()
    await standIn.close()
  })
})
