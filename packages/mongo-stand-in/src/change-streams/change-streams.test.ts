import type { ChangeStream, ChangeStreamDocument, Collection, Document } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { failure, sleep, startTestServer, temporaryFolder } from '../testing/test-server.ts'

interface Item {
  _id: number
  x?: number
  list?: unknown[]
}

/** The next events of a stream, as plain data. */
async function take(stream: ChangeStream<Document>, count: number): Promise<Document[]> {
  const events: Document[] = []
  while (events.length < count) events.push((await stream.next()) as Document)
  return events
}

/** Opens the stream on the server now, and not with the first read. */
async function opened<T extends ChangeStream<Document>>(stream: T): Promise<T> {
  await stream.tryNext()
  return stream
}

function itemsOf(db: { collection(name: string): unknown }): Collection<Item> {
  return db.collection('items') as Collection<Item>
}

describe('change streams', { timeout: 30_000 }, () => {
  it('tell every kind of write, in order', async () => {
    await using server = await startTestServer()
    const items = itemsOf(server.db)
    await using stream = await opened(server.db.watch<Document>([], { maxAwaitTimeMS: 100 }))
    await items.insertOne({ _id: 1, x: 1, list: [] })
    await items.updateOne({ _id: 1 }, { $set: { x: 2 }, $push: { list: 'a' } })
    await items.updateOne({ _id: 1 }, { $push: { list: 'b' } })
    await items.updateOne({ _id: 1 }, { $set: { x: 2 } })
    await items.replaceOne({ _id: 1 }, { x: 3 })
    await items.deleteOne({ _id: 1 })
    await items.drop()
    const events = await take(stream, 6)
    expect(events.map(({ operationType }) => operationType)).toEqual([
      'insert',
      'update',
      'update',
      'replace',
      'delete',
      'drop',
    ])
    expect(events[0]).toMatchObject({
      fullDocument: { _id: 1, x: 1, list: [] },
      documentKey: { _id: 1 },
      ns: { coll: 'items' },
    })
    expect(events[1]?.updateDescription).toEqual({
      updatedFields: { x: 2, list: ['a'] },
      removedFields: [],
      truncatedArrays: [],
    })
    expect(events[2]?.updateDescription.updatedFields).toEqual({ 'list.1': 'b' })
    expect(events[0]?.wallTime).toBeInstanceOf(Date)
    expect(events.every((event) => event.lsid === undefined && event.txnNumber === undefined)).toBe(true)
  })

  it('tell the session and number of a transaction, and one cluster time for all of it', async () => {
    await using server = await startTestServer()
    const items = itemsOf(server.db)
    await items.insertOne({ _id: 0 })
    await using stream = await opened(items.watch<Document>([], { maxAwaitTimeMS: 100 }))
    const session = server.client.startSession()
    await session.withTransaction(async () => {
      await items.insertOne({ _id: 1 }, { session })
      await items.updateOne({ _id: 1 }, { $set: { x: 1 } }, { session })
      await items.deleteOne({ _id: 0 }, { session })
    })
    const events = await take(stream, 3)
    expect(events.map(({ operationType }) => operationType)).toEqual(['insert', 'update', 'delete'])
    expect(new Set(events.map(({ clusterTime }) => String(clusterTime))).size).toBe(1)
    for (const { lsid, txnNumber } of events) {
      expect(Buffer.from(lsid.id.buffer)).toEqual(Buffer.from(session.id?.id.buffer ?? []))
      expect(lsid.uid).toBeDefined()
      expect(txnNumber).toBe(session.serverSession.txnNumber)
    }
  })

  it('resume from every event, also in the middle of a transaction, without loss or repetition', async () => {
    await using server = await startTestServer()
    const items = itemsOf(server.db)
    await items.insertOne({ _id: 0 })
    await using first = await opened(items.watch<Document>([], { maxAwaitTimeMS: 100 }))
    await items.insertOne({ _id: 1 })
    await server.client.withSession((session) =>
      session.withTransaction(() => items.insertMany([{ _id: 2 }, { _id: 3 }, { _id: 4 }], { session })),
    )
    await items.insertOne({ _id: 5 })
    const events = await take(first, 5)
    for (const [at, event] of events.entries()) {
      if (at === events.length - 1) break
      await using again = items.watch<Document>([], { resumeAfter: event._id, maxAwaitTimeMS: 100 })
      const rest = await take(again, events.length - 1 - at)
      expect(rest.map(({ documentKey }) => documentKey._id)).toEqual([2, 3, 4, 5].slice(at))
    }
  })

  it('give a fresh position in every batch, also when nothing happens, and resume from it', async () => {
    await using server = await startTestServer()
    const items = itemsOf(server.db)
    await items.insertOne({ _id: 1 })
    await using stream = await opened(items.watch<Document>([], { maxAwaitTimeMS: 20 }))
    const before = stream.resumeToken as { _data: string }
    await sleep(5)
    expect(await stream.tryNext()).toBeNull()
    const later = stream.resumeToken as { _data: string }
    expect(later._data > before._data).toBe(true)
    await items.insertOne({ _id: 2 })
    await using again = items.watch<Document>([], { resumeAfter: later, maxAwaitTimeMS: 100 })
    expect((await take(again, 1))[0]).toMatchObject({ documentKey: { _id: 2 } })
  })

  it('move their position past writes that do not concern them', async () => {
    await using server = await startTestServer()
    await using stream = await opened(
      server.db.collection('quiet').watch<Document>([], { maxAwaitTimeMS: 20 }),
    )
    const before = stream.resumeToken as { _data: string }
    await server.db.collection('loud').insertMany([{}, {}, {}])
    expect(await stream.tryNext()).toBeNull()
    expect((stream.resumeToken as { _data: string })._data > before._data).toBe(true)
  })

  it('filter, and refuse a pipeline that changes the token', async () => {
    await using server = await startTestServer()
    const items = itemsOf(server.db)
    await using filtered = await opened(
      server.client.watch<Document>(
        [
          { $match: { 'ns.coll': { $in: ['items'] }, 'fullDocument.x': { $gt: 1 } } },
          { $project: { documentKey: 1 } },
        ],
        { maxAwaitTimeMS: 100 },
      ),
    )
    await items.insertMany([
      { _id: 1, x: 1 },
      { _id: 2, x: 2 },
    ])
    const [event] = await take(filtered, 1)
    expect(Object.keys(event ?? {}).toSorted()).toEqual(['_id', 'documentKey'])
    expect(event?.documentKey).toEqual({ _id: 2 })
    await using broken = await opened(
      items.watch<Document>([{ $project: { _id: 0 } }], { maxAwaitTimeMS: 50 }),
    )
    await items.insertOne({ _id: 3 })
    await expect(broken.next()).rejects.toThrow(/resume token|_id/)
    expect(await failure(items.watch([{ $group: { _id: 1 } }]).tryNext())).toMatchObject({ code: 20 })
  })

  it('look up the present document, and keep images where the collection does', async () => {
    await using server = await startTestServer()
    const items = itemsOf(server.db)
    await items.insertOne({ _id: 1, x: 1 })
    await using looking = await opened(
      items.watch<Document>([], { fullDocument: 'updateLookup', maxAwaitTimeMS: 100 }),
    )
    await items.updateOne({ _id: 1 }, { $set: { x: 2 } })
    await items.updateOne({ _id: 1 }, { $set: { x: 3 } })
    expect((await take(looking, 2)).map(({ fullDocument }) => fullDocument.x)).toEqual([3, 3])
    await server.db.command({ collMod: 'items', changeStreamPreAndPostImages: { enabled: true } })
    const images = { fullDocument: 'required', fullDocumentBeforeChange: 'required' } as const
    await using keeping = await opened(items.watch<Document>([], { ...images, maxAwaitTimeMS: 100 }))
    await items.updateOne({ _id: 1 }, { $set: { x: 4 } })
    await items.deleteOne({ _id: 1 })
    const [update, deletion] = await take(keeping, 2)
    expect(update).toMatchObject({ fullDocument: { x: 4 }, fullDocumentBeforeChange: { x: 3 } })
    expect(deletion).toMatchObject({ fullDocumentBeforeChange: { _id: 1, x: 4 } })
  })

  it('end with invalidate when their collection goes, and start again after it', async () => {
    await using server = await startTestServer()
    const items = itemsOf(server.db)
    await items.insertOne({ _id: 1 })
    await using stream = await opened(items.watch<Document>([], { maxAwaitTimeMS: 100 }))
    await items.drop()
    const [drop, invalidate] = await take(stream, 2)
    expect([drop?.operationType, invalidate?.operationType]).toEqual(['drop', 'invalidate'])
    await items.insertOne({ _id: 2 })
    await using again = items.watch<Document>([], { startAfter: invalidate?._id, maxAwaitTimeMS: 100 })
    expect((await take(again, 1))[0]).toMatchObject({ documentKey: { _id: 2 } })
    expect(await failure(items.watch([], { resumeAfter: invalidate?._id }).tryNext())).toMatchObject({
      code: 260,
    })
  })

  it('start at an operation time', async () => {
    await using server = await startTestServer()
    const items = itemsOf(server.db)
    await items.insertOne({ _id: 1 })
    await using stream = await opened(items.watch<Document>([], { maxAwaitTimeMS: 100 }))
    await items.insertOne({ _id: 2 })
    const [event] = (await take(stream, 1)) as [ChangeStreamDocument]
    await items.insertOne({ _id: 3 })
    await using again = items.watch<Document>([], {
      startAtOperationTime: event.clusterTime,
      maxAwaitTimeMS: 100,
    })
    expect((await take(again, 2)).map(({ documentKey }) => documentKey._id)).toEqual([2, 3])
  })

  it('say that history is lost when the log no longer reaches back', async () => {
    await using server = await startTestServer({ oplogMegabytes: 0.1 })
    const items = server.db.collection<{ _id: number; pad: string }>('items')
    await using stream = await opened(items.watch<Document>([], { maxAwaitTimeMS: 50 }))
    await items.insertOne({ _id: 0, pad: '' })
    const [event] = await take(stream, 1)
    for (let at = 1; at <= 300; at++) await items.insertOne({ _id: at, pad: 'x'.repeat(1000) })
    expect(await failure(items.watch([], { resumeAfter: event?._id }).tryNext())).toMatchObject({ code: 286 })
    expect(
      await failure(items.watch([], { startAtOperationTime: event?.clusterTime }).tryNext()),
    ).toMatchObject({ code: 286 })
  })

  it('resume after a restart of the server, from an event and from an idle position', async () => {
    using folder = temporaryFolder()
    let token: unknown
    let idle: unknown
    {
      await using server = await startTestServer({ data: folder.path })
      const items = server.client.db('app').collection<Item>('items')
      await using stream = await opened(items.watch<Document>([], { maxAwaitTimeMS: 20 }))
      await items.insertOne({ _id: 1 })
      token = (await take(stream, 1))[0]?._id
      await server.client.withSession((session) =>
        session.withTransaction(() => items.insertMany([{ _id: 2 }, { _id: 3 }], { session })),
      )
      await take(stream, 2)
      await stream.tryNext()
      idle = stream.resumeToken
    }
    await using server = await startTestServer({ data: folder.path })
    const items = server.client.db('app').collection<Item>('items')
    await items.updateOne({ _id: 3 }, { $set: { x: 1 } })
    await using again = items.watch<Document>([], { resumeAfter: token, maxAwaitTimeMS: 100 })
    const events = await take(again, 3)
    expect(events.map(({ operationType, documentKey }) => [operationType, documentKey._id])).toEqual([
      ['insert', 2],
      ['insert', 3],
      ['update', 3],
    ])
    expect(events[0]?.lsid).toBeDefined()
    expect(events[2]?.lsid).toBeUndefined()
    await using fromIdle = items.watch<Document>([], { resumeAfter: idle, maxAwaitTimeMS: 100 })
    expect((await take(fromIdle, 1))[0]).toMatchObject({ operationType: 'update' })
  })

  it('know no tokens of another server', async () => {
    let token: unknown
    {
      await using other = await startTestServer()
      await using stream = await opened(other.client.watch<Document>([], { maxAwaitTimeMS: 20 }))
      token = stream.resumeToken
    }
    await sleep(1100)
    await using server = await startTestServer()
    expect(await failure(server.client.watch([], { resumeAfter: token }).tryNext())).toMatchObject({
      code: 286,
    })
  })
})

describe('large events', { timeout: 30_000 }, () => {
  it('come in fragments when the stream asks for it', async () => {
    await using server = await startTestServer()
    const items = await server.db.createCollection<{ _id: number; pad: string }>('items', {
      changeStreamPreAndPostImages: { enabled: true },
    })
    await items.insertOne({ _id: 1, pad: 'x'.repeat(9_000_000) })
    const options = {
      fullDocument: 'required',
      fullDocumentBeforeChange: 'required',
      maxAwaitTimeMS: 100,
    } as const
    await using stream = await opened(items.watch<Document>([{ $changeStreamSplitLargeEvent: {} }], options))
    await items.updateOne({ _id: 1 }, { $set: { pad: 'y'.repeat(9_000_000) } })
    await items.deleteOne({ _id: 1 })
    const fragments = await take(stream, 3)
    expect(fragments.map(({ splitEvent }) => splitEvent)).toMatchObject([
      { fragment: 1 },
      { fragment: 2 },
      { fragment: 3 },
    ])
    const whole = Object.assign({}, ...fragments)
    expect(whole.fullDocumentBeforeChange.pad.length + whole.fullDocument.pad.length).toBe(18_000_000)
    await using again = items.watch<Document>([{ $changeStreamSplitLargeEvent: {} }], {
      ...options,
      resumeAfter: fragments[0]?._id,
    })
    expect((await take(again, 1))[0]?.splitEvent).toMatchObject({ fragment: 2, of: fragments.length })
  })
})
