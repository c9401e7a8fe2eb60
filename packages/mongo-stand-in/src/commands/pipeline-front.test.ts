import type { Document } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { failure, startTestServer } from '../testing/test-server.ts'

interface Numbered extends Document {
  _id: number
  n: number
}

describe('pipelines and sorted finds that end early', { timeout: 30_000 }, () => {
  it('gives the same page with and without an index', async () => {
    await using server = await startTestServer()
    const numbers = server.db.collection<Numbered>('numbers')
    await numbers.insertMany(Array.from({ length: 200 }, (_, at) => ({ _id: at, n: (at * 37) % 20 })))
    const page = [
      { $match: { _id: { $gte: 10 } } },
      { $sort: { n: -1, _id: 1 } },
      { $match: { n: { $lt: 15 } } },
      { $skip: 3 },
      { $limit: 4 },
    ]
    const found = async () => [
      await numbers.aggregate(page).toArray(),
      await numbers.aggregate([{ $set: { n: '$n' } }, ...page]).toArray(),
      await numbers
        .find({ _id: { $gte: 10 }, n: { $lt: 15 } })
        .sort({ n: -1, _id: 1 })
        .skip(3)
        .limit(4)
        .toArray(),
    ]
    const [first, ...others] = await found()
    expect(first?.map(({ n }) => n)).toEqual([14, 14, 14, 14])
    expect(others).toEqual([first, first])
    await numbers.createIndex({ n: -1, _id: 1 })
    expect(await found()).toEqual([first, first, first])
  })

  it('checks every stage, also those that an index takes over, and on no collection', async () => {
    await using server = await startTestServer()
    const run = (...pipeline: Document[]) => server.db.collection('none').aggregate(pipeline).toArray()
    expect((await failure(run({ $sort: { a: 5 } }))).code).toBe(15975)
    expect((await failure(run({ $limit: 0 }))).code).toBe(15958)
    expect((await failure(run({ $match: {} }, { $documents: [] }))).code).toBe(40602)
  })
})
