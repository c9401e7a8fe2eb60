import type { ClientSession, Collection } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { failure, sleep, startTestServer, type TestServer } from '../testing/test-server.ts'

interface Account {
  _id: string
  n: number
}

async function withAccounts(server: TestServer): Promise<Collection<Account>> {
  const accounts = server.db.collection<Account>('accounts')
  await accounts.insertMany([
    { _id: 'a', n: 1 },
    { _id: 'b', n: 1 },
  ])
  return accounts
}

function begin(server: TestServer): ClientSession {
  const session = server.client.startSession()
  session.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority' } })
  return session
}

describe('multi-document transactions', { timeout: 30_000 }, () => {
  it('show their writes to nobody else before the commit, and all at once after it', async () => {
    await using server = await startTestServer()
    const accounts = await withAccounts(server)
    const session = begin(server)
    await accounts.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { session })
    await accounts.insertOne({ _id: 'c', n: 1 }, { session })
    expect(await accounts.find({}, { session }).toArray()).toHaveLength(3)
    expect(await accounts.find().toArray()).toEqual([
      { _id: 'a', n: 1 },
      { _id: 'b', n: 1 },
    ])
    await session.commitTransaction()
    expect(await accounts.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 2 })
    expect(await accounts.countDocuments()).toBe(3)
  })

  it('read from the snapshot of their first operation, through every index', async () => {
    await using server = await startTestServer()
    const accounts = await withAccounts(server)
    await accounts.createIndex({ n: 1 })
    const session = begin(server)
    expect(await accounts.findOne({ _id: 'a' }, { session })).toEqual({ _id: 'a', n: 1 })
    await accounts.updateOne({ _id: 'b' }, { $set: { n: 9 } })
    await accounts.deleteOne({ _id: 'a' })
    await accounts.insertOne({ _id: 'c', n: 1 })
    const before = [
      { _id: 'a', n: 1 },
      { _id: 'b', n: 1 },
    ]
    expect(await accounts.find({ n: 1 }, { session }).sort({ n: 1 }).toArray()).toEqual(before)
    expect(await accounts.find({ n: 9 }, { session }).toArray()).toEqual([])
    expect(await accounts.find({}, { session }).sort({ _id: 1 }).toArray()).toEqual(before)
    await session.abortTransaction()
    expect(
      await accounts
        .find({ n: { $gt: 0 } })
        .sort({ n: 1 })
        .toArray(),
    ).toEqual([
      { _id: 'c', n: 1 },
      { _id: 'b', n: 9 },
    ])
  })

  it('let the first committer win: the other one must begin anew', async () => {
    await using server = await startTestServer()
    const accounts = await withAccounts(server)
    const [first, second] = [begin(server), begin(server)]
    await accounts.findOne({ _id: 'b' }, { session: second })
    await accounts.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { session: first })
    const whileOpen = await failure(accounts.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { session: second }))
    expect(whileOpen).toMatchObject({ code: 112, labels: ['TransientTransactionError'] })
    expect(await failure(accounts.findOne({ _id: 'b' }, { session: second }))).toMatchObject({ code: 251 })
    await first.commitTransaction()
    const third = begin(server)
    await accounts.findOne({ _id: 'b' }, { session: third })
    await accounts.updateOne({ _id: 'a' }, { $inc: { n: 1 } })
    const afterCommit = await failure(
      accounts.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { session: third }),
    )
    expect(afterCommit).toMatchObject({ code: 112, labels: ['TransientTransactionError'] })
    expect(await accounts.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 3 })
  })

  it('conflict over a document that appeared or vanished after the snapshot (the guard of a mirror)', async () => {
    await using server = await startTestServer()
    const guards = server.db.collection<Account>('guards')
    await guards.insertOne({ _id: 'gone', n: 1 })
    const session = begin(server)
    expect(await guards.findOne({ _id: 'new' }, { session })).toBeNull()
    await guards.insertOne({ _id: 'new', n: 1 })
    await guards.deleteOne({ _id: 'gone' })
    const upsert = guards.updateOne({ _id: 'new' }, { $inc: { n: 1 } }, { session, upsert: true })
    expect(await failure(upsert)).toMatchObject({ code: 112 })
    const again = begin(server)
    await guards.findOne({ _id: 'x' }, { session: again })
    await guards.insertOne({ _id: 'gone', n: 2 })
    expect(
      await failure(
        guards
          .deleteOne({ _id: 'gone' }, { session: again })
          .then(() => guards.insertOne({ _id: 'gone', n: 3 }, { session: again })),
      ),
    ).toMatchObject({ code: 112 })
  })

  it('conflict over a unique key that two of them want', async () => {
    await using server = await startTestServer()
    const users = server.db.collection<{ _id: number; email: string }>('users')
    await users.createIndex({ email: 1 }, { unique: true })
    const [first, second] = [begin(server), begin(server)]
    await users.insertOne({ _id: 1, email: 'x' }, { session: first })
    expect(await failure(users.insertOne({ _id: 2, email: 'x' }, { session: second }))).toMatchObject({
      code: 112,
    })
    await first.commitTransaction()
    const third = begin(server)
    expect(await failure(users.insertOne({ _id: 3, email: 'x' }, { session: third }))).toMatchObject({
      code: 11000,
    })
    const fourth = begin(server)
    await users.deleteOne({ _id: 1 }, { session: fourth })
    await users.insertOne({ _id: 4, email: 'x' }, { session: fourth })
    await fourth.commitTransaction()
    expect(await users.find().toArray()).toEqual([{ _id: 4, email: 'x' }])
  })

  it('make a write outside of them wait until they end', async () => {
    await using server = await startTestServer()
    const accounts = await withAccounts(server)
    const session = begin(server)
    await accounts.updateOne({ _id: 'a' }, { $inc: { n: 10 } }, { session })
    let done = false
    const write = accounts.updateOne({ _id: 'a' }, { $inc: { n: 1 } }).then(() => {
      done = true
    })
    await sleep(30)
    expect(done).toBe(false)
    expect(
      await failure(accounts.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { maxTimeMS: 20 })),
    ).toMatchObject({ code: 50 })
    await session.commitTransaction()
    await write
    expect(await accounts.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 12 })
  })

  it('leave nothing behind when they are aborted, a collection they created least of all', async () => {
    await using server = await startTestServer()
    const accounts = await withAccounts(server)
    await accounts.createIndex({ n: 1 }, { unique: false })
    const session = begin(server)
    await accounts.updateOne({ _id: 'a' }, { $set: { n: 7 } }, { session })
    await accounts.insertOne({ _id: 'c', n: 7 }, { session })
    await server.db.collection('fresh').insertOne({ x: 1 }, { session })
    expect(await server.db.collection('fresh').countDocuments({}, { session })).toBe(1)
    await session.abortTransaction()
    expect(await accounts.find({ n: 7 }).toArray()).toEqual([])
    expect(await server.db.listCollections({ name: 'fresh' }).toArray()).toEqual([])
    await accounts.insertOne({ _id: 'c', n: 8 })
  })

  it('can be committed twice with the same answer', async () => {
    await using server = await startTestServer()
    const accounts = await withAccounts(server)
    const session = begin(server)
    await accounts.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { session })
    await session.commitTransaction()
    await session.commitTransaction()
    expect(await accounts.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 2 })
  })

  it('are carried to their end by withTransaction, however many of them meet', async () => {
    await using server = await startTestServer()
    const accounts = await withAccounts(server)
    await Promise.all(
      Array.from({ length: 8 }, () =>
        server.client.withSession((session) =>
          session.withTransaction(async () => {
            const account = await accounts.findOne({ _id: 'a' }, { session })
            await accounts.updateOne({ _id: 'a' }, { $set: { n: (account?.n ?? 0) + 1 } }, { session })
          }),
        ),
      ),
    )
    expect(await accounts.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 9 })
  })

  it('are told by $currentOp and ended by killSessions', async () => {
    await using server = await startTestServer()
    const accounts = await withAccounts(server)
    const session = begin(server)
    await accounts.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { session })
    await sleep(5)
    const admin = server.client.db('admin')
    const idle = await admin
      .aggregate([
        { $currentOp: { allUsers: true, idleSessions: true } },
        { $match: { type: 'idleSession' } },
      ])
      .toArray()
    expect(idle).toHaveLength(1)
    expect(idle[0]?.transaction.parameters.txnNumber).toBe(session.serverSession.txnNumber)
    expect(idle[0]?.transaction.timeOpenMicros).toBeGreaterThan(1000)
    expect(Buffer.from(idle[0]?.lsid.id.buffer)).toEqual(Buffer.from(session.id?.id.buffer ?? []))
    await admin.command({ killSessions: [{ id: idle[0]?.lsid.id }] })
    expect(await failure(session.commitTransaction())).toMatchObject({ code: 251 })
    expect(await accounts.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 1 })
  })
})
