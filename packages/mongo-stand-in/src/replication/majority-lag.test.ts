import { ReadConcern } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { failure, sleep, startTestServer, type TestServer } from '../testing/test-server.ts'

interface Thing {
  _id: number
  n: number
}

const local = { writeConcern: { w: 1 } } as const
const majority = { readConcern: new ReadConcern('majority') } as const

/** A collection with one document that a majority has, and from then on a majority that is behind. */
async function lagging(server: TestServer, lag: number) {
  const things = server.db.collection<Thing>('things')
  await things.insertOne({ _id: 1, n: 1 })
  await setLag(server, lag)
  return things
}

async function setLag(server: TestServer, lag: number): Promise<void> {
  await server.client.db('admin').command({ standInMajorityLag: lag })
}

describe('a majority that is behind', () => {
  it('is seen by majority reads, while local reads see the newest state', async () => {
    await using server = await startTestServer()
    const things = await lagging(server, 60_000)
    await things.updateOne({ _id: 1 }, { $inc: { n: 1 } }, local)
    await things.insertOne({ _id: 2, n: 2 }, local)
    expect(await things.find().toArray()).toEqual([
      { _id: 1, n: 2 },
      { _id: 2, n: 2 },
    ])
    expect(await things.find({}, majority).toArray()).toEqual([{ _id: 1, n: 1 }])
    await setLag(server, 0)
    expect(await things.find({}, majority).toArray()).toHaveLength(2)
  })

  it('lets a majority write wait, and one that gives up is told that it stands all the same', async () => {
    await using server = await startTestServer()
    const things = await lagging(server, 300)
    const began = performance.now()
    await things.insertOne({ _id: 2, n: 2 })
    expect(performance.now() - began).toBeGreaterThanOrEqual(299)
    const { code, reply } = await failure(
      server.db.command({
        insert: 'things',
        documents: [{ _id: 3, n: 3 }],
        writeConcern: { w: 'majority', wtimeout: 20 },
      }),
    )
    expect({ code, reply }).toMatchObject({ code: 64, reply: { n: 1, writeConcernError: { code: 64 } } })
    expect(await things.countDocuments()).toBe(3)
  })

  it('tells change streams what it has, not more', async () => {
    await using server = await startTestServer()
    const things = await lagging(server, 300)
    await using stream = things.watch([], { maxAwaitTimeMS: 50 })
    await stream.tryNext()
    await things.insertOne({ _id: 2, n: 2 }, local)
    expect(await stream.tryNext()).toBeNull()
    await sleep(300)
    expect(await stream.next()).toMatchObject({ operationType: 'insert', documentKey: { _id: 2 } })
  })

  it('keeps a majority read that waits for its own write causally consistent', async () => {
    await using server = await startTestServer()
    const things = await lagging(server, 200)
    await using session = server.client.startSession({ causalConsistency: true })
    await things.updateOne({ _id: 1 }, { $set: { n: 7 } }, { ...local, session })
    expect(await things.findOne({ _id: 1 }, { ...majority, session })).toEqual({ _id: 1, n: 7 })
  })
})
