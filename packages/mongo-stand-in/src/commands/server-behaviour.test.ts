import { describe, expect, it } from 'vitest'
import { failure, sleep, startTestServer } from '../testing/test-server.ts'

describe('read and write concerns', { timeout: 30_000 }, () => {
  it('take every level, and read at a past time of the snapshot', async () => {
    await using server = await startTestServer()
    const items = server.db.collection<{ _id: number; x: number }>('items')
    await items.insertOne({ _id: 1, x: 1 }, { writeConcern: { w: 'majority', j: true } })
    for (const level of ['local', 'available', 'majority', 'linearizable', 'snapshot'] as const) {
      expect(await items.findOne({ _id: 1 }, { readConcern: { level } })).toEqual({ _id: 1, x: 1 })
    }
    const session = server.client.startSession({ snapshot: true })
    expect(await items.findOne({ _id: 1 }, { session })).toEqual({ _id: 1, x: 1 })
    await items.updateOne({ _id: 1 }, { $set: { x: 2 } })
    await items.insertOne({ _id: 2, x: 2 })
    expect(await items.find({}, { session }).toArray()).toEqual([{ _id: 1, x: 1 }])
    await session.endSession()
  })

  it('answer a causally consistent session after its own write', async () => {
    await using server = await startTestServer()
    const items = server.db.collection<{ _id: number }>('items', { readConcern: { level: 'majority' } })
    const session = server.client.startSession({ causalConsistency: true })
    await items.insertOne({ _id: 1 }, { session })
    expect(session.operationTime).toBeDefined()
    expect(await items.findOne({ _id: 1 }, { session })).toEqual({ _id: 1 })
  })

  it('tell a write concern that one node cannot satisfy', async () => {
    await using server = await startTestServer()
    const items = server.db.collection('items')
    expect(await failure(items.insertOne({}, { writeConcern: { w: 3 } }))).toMatchObject({ code: 100 })
    expect(await items.countDocuments()).toBe(1)
  })
})

describe('TTL indexes', { timeout: 30_000 }, () => {
  it('delete what has expired, by the ordinary way, and what a validator would refuse too', async () => {
    await using server = await startTestServer({ ttlIntervalSeconds: 0.05 })
    const tokens = server.db.collection<{ _id: number; at: Date | string }>('tokens')
    await tokens.createIndex({ at: 1 }, { expireAfterSeconds: 10 })
    await using stream = tokens.watch([], { maxAwaitTimeMS: 100 })
    await stream.tryNext()
    await tokens.insertMany([
      { _id: 1, at: new Date(Date.now() - 11_000) },
      { _id: 2, at: new Date() },
      { _id: 3, at: 'never' },
    ])
    await server.db.command({ collMod: 'tokens', validator: { $nor: [{}] } })
    await expect
      .poll(() =>
        tokens
          .find()
          .sort({ _id: 1 })
          .toArray()
          .then((left) => left.map(({ _id }) => _id)),
      )
      .toEqual([2, 3])
    const kinds: string[] = []
    for (let at = 0; at < 4; at++) kinds.push((await stream.next()).operationType)
    expect(kinds).toEqual(['insert', 'insert', 'insert', 'delete'])
  })
})

describe('fail points', { timeout: 30_000 }, () => {
  it('fail commands with a code, and drivers write again where they may', async () => {
    await using server = await startTestServer()
    const admin = server.client.db('admin')
    const items = server.db.collection<{ _id: number }>('items')
    const failInsert = (data: object) =>
      admin.command({
        configureFailPoint: 'failCommand',
        mode: { times: 1 },
        data: { failCommands: ['insert'], ...data },
      })
    await failInsert({ errorCode: 10107 })
    await items.insertOne({ _id: 1 })
    await failInsert({ closeConnection: true })
    await items.insertOne({ _id: 2 })
    await failInsert({ errorCode: 2 })
    expect(await failure(items.insertOne({ _id: 3 }))).toMatchObject({ code: 2 })
    await admin.command({ configureFailPoint: 'onPrimaryTransactionalWrite', mode: { times: 1 } })
    await items.insertOne({ _id: 4 })
    expect(await items.find().toArray()).toEqual([{ _id: 1 }, { _id: 2 }, { _id: 4 }])
  })

  it('block a command for a while', async () => {
    await using server = await startTestServer()
    await server.client.db('admin').command({
      configureFailPoint: 'failCommand',
      mode: { times: 1 },
      data: { failCommands: ['ping'], blockConnection: true, blockTimeMS: 80 },
    })
    const start = Date.now()
    await server.db.command({ ping: 1 })
    expect(Date.now() - start).toBeGreaterThanOrEqual(75)
  })
})

describe('operations', { timeout: 30_000 }, () => {
  it('are shown while they wait, and end when they are killed', async () => {
    await using server = await startTestServer()
    const { db, client } = server
    const items = db.collection<{ _id: number }>('items')
    await items.insertOne({ _id: 1 })
    const session = client.startSession()
    session.startTransaction()
    await items.findOne({ _id: 1 }, { session })
    const collMod = failure(db.command({ collMod: 'items', validator: { x: 1 } }))
    await sleep(20)
    const admin = client.db('admin')
    const waiting = await admin
      .aggregate([{ $currentOp: {} }, { $match: { waitingForLock: true } }])
      .toArray()
    expect(waiting).toMatchObject([{ ns: items.namespace, command: { collMod: 'items' }, active: true }])
    await admin.command({ killOp: 1, op: waiting[0]?.opid })
    expect(await collMod).toMatchObject({ code: 11601 })
    await session.abortTransaction()
    await items.insertOne({ _id: 2 })
  })
})
