import type { Document } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { startTestServer } from '../testing/test-server.ts'

interface Account {
  _id: number
  balance: number
  /** Unique, moves between accounts. */
  badge?: string
  tags: number[]
}

const ACCOUNTS = 6
const WRITERS = 5
const ROUNDS = 8

/** A small generator, so that a failing schedule can be run again. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state % below
  }
}

describe('many writers at once', { timeout: 60_000 }, () => {
  it('keep sums in every snapshot, indexes in step with documents, and a stream from which all can be rebuilt', async () => {
    await using server = await startTestServer()
    const accounts = server.db.collection<Account>('accounts')
    await accounts.createIndexes([
      { key: { balance: 1 } },
      { key: { badge: 1 }, unique: true, sparse: true },
      { key: { tags: 1 } },
    ])
    await using stream = accounts.watch<Document>([], { maxAwaitTimeMS: 50 })
    await stream.tryNext()
    await accounts.insertMany(Array.from({ length: ACCOUNTS }, (_, _id) => ({ _id, balance: 100, tags: [] })))
    await accounts.updateOne({ _id: 0 }, { $set: { badge: 'b' } })

    const writer = async (seed: number) => {
      const random = randomFrom(seed)
      for (let round = 0; round < ROUNDS; round++) {
        const [from, to, amount] = [random(ACCOUNTS), random(ACCOUNTS), random(5)]
        await server.client.withSession((session) =>
          session.withTransaction(async () => {
            const all = await accounts.find({}, { session }).toArray()
            expect(all.reduce((sum, { balance }) => sum + balance, 0)).toBe(ACCOUNTS * 100)
            const sorted = await accounts
              .find({ balance: { $gte: 0 } }, { session })
              .sort({ balance: 1 })
              .toArray()
            expect(sorted.map(({ _id }) => _id).toSorted()).toEqual(all.map(({ _id }) => _id).toSorted())
            await accounts.updateOne(
              { _id: from },
              { $inc: { balance: -amount }, $push: { tags: round } },
              { session },
            )
            await accounts.updateOne({ _id: to }, { $inc: { balance: amount } }, { session })
            const { modifiedCount } = await accounts.updateOne(
              { badge: 'b' },
              { $unset: { badge: 1 } },
              { session },
            )
            if (modifiedCount === 1)
              await accounts.updateOne({ _id: to }, { $set: { badge: 'b' } }, { session })
          }),
        )
        await accounts.updateOne({ _id: to }, { $addToSet: { tags: seed } })
      }
    }
    await Promise.all(Array.from({ length: WRITERS }, (_, seed) => writer(seed + 1)))

    const final = await accounts.find().sort({ _id: 1 }).toArray()
    expect(final.reduce((sum, { balance }) => sum + balance, 0)).toBe(ACCOUNTS * 100)
    expect(final.filter(({ badge }) => badge === 'b')).toHaveLength(1)
    for (const { _id, balance, tags } of final) {
      expect(await accounts.countDocuments({ _id, balance })).toBe(1)
      const byBalance = await accounts.find({ balance }).hint({ balance: 1 }).toArray()
      expect(byBalance.map((each) => each._id)).toContain(_id)
      for (const tag of new Set(tags)) {
        const byTag = await accounts.find({ tags: tag }).hint({ tags: 1 }).toArray()
        expect(byTag.filter((each) => each._id === _id)).toHaveLength(1)
      }
    }
    expect(await accounts.find().hint({ balance: 1 }).toArray()).toHaveLength(ACCOUNTS)

    const rebuilt = new Map<number, number>()
    for (
      let event: Document | null = await stream.tryNext();
      event !== null;
      event = await stream.tryNext()
    ) {
      const { balance } = event.fullDocument ?? event.updateDescription?.updatedFields ?? {}
      if (balance !== undefined) rebuilt.set(event.documentKey._id, balance)
    }
    expect([...rebuilt].toSorted(([a], [b]) => a - b)).toEqual(
      final.map(({ _id, balance }) => [_id, balance]),
    )
  })

  it('do not write into a transaction that somebody else has ended', async () => {
    await using server = await startTestServer()
    const accounts = server.db.collection<Account>('accounts')
    await accounts.insertMany(Array.from({ length: 500 }, (_, _id) => ({ _id, balance: 0, tags: [] })))
    for (let round = 0; round < 5; round++) {
      const session = server.client.startSession()
      session.startTransaction()
      await accounts.findOne({ _id: 0 }, { session })
      const update = accounts.updateMany({}, { $inc: { balance: 1 } }, { session }).catch(() => undefined)
      const kill = server.client.db('admin').command({ killSessions: [{ id: session.id?.id }] })
      await Promise.all([update, kill])
      await session.abortTransaction()
      // Would wait for a lock that nobody gives back.
      await accounts.updateMany({}, { $inc: { balance: 1 } }, { maxTimeMS: 3000 })
      await session.endSession()
    }
    expect(await accounts.distinct('balance')).toEqual([5])
  })
})
