import { describe, expect, it } from 'vitest'
import { failure, startTestServer } from '../testing/test-server.ts'

const MEGABYTE = 1024 * 1024

describe('documents of many megabytes', () => {
  it('are refused with their own code when an update makes them larger than 16 MB, however large', async () => {
    await using server = await startTestServer()
    const things = server.db.collection<{ _id: number; parts: string[] }>('things')
    await things.insertOne({ _id: 1, parts: ['x'.repeat(15 * MEGABYTE)] })
    const grow = (megabytes: number) =>
      things.updateOne({ _id: 1 }, { $push: { parts: 'y'.repeat(megabytes * MEGABYTE) } })
    expect((await failure(grow(1.5))).code).toBe(10334)
    expect((await failure(grow(10))).code).toBe(10334)
    expect((await things.findOne({ _id: 1 }))?.parts).toHaveLength(1)
  })

  it('are told in fragments where an event would have to hold them twice', async () => {
    await using server = await startTestServer()
    await server.db.createCollection('things', { changeStreamPreAndPostImages: { enabled: true } })
    const things = server.db.collection<{ _id: number; text: string; n: number }>('things')
    await things.insertOne({ _id: 1, text: 'x'.repeat(12 * MEGABYTE), n: 0 })
    await using stream = things.watch([{ $changeStreamSplitLargeEvent: {} }], {
      fullDocument: 'required',
      fullDocumentBeforeChange: 'required',
      maxAwaitTimeMS: 100,
    })
    await stream.tryNext()
    await things.updateOne({ _id: 1 }, { $inc: { n: 1 } })
    const first = await stream.next()
    expect(first).toMatchObject({ splitEvent: { fragment: 1, of: 2 } })
    expect(await stream.next()).toMatchObject({ splitEvent: { fragment: 2, of: 2 } })
  })
})
