import { describe, expect, it } from 'vitest'
import { failure, sleep, startTestServer } from '../testing/test-server.ts'

const REFUSE_ALL = { $nor: [{}] }
const KINDS = ['insert', 'update', 'replace', 'upsert', 'findAndModify'] as const

interface Item {
  _id: number
  x?: number
}

describe('validators', { timeout: 30_000 }, () => {
  it.each(KINDS)('refuse an %s unless it bypasses them', async (kind) => {
    await using server = await startTestServer()
    const items = server.db.collection<Item>('items')
    await items.insertOne({ _id: 1, x: 1 })
    await server.db.command({ collMod: 'items', validator: REFUSE_ALL })
    const write = (bypassDocumentValidation: boolean): Promise<unknown> => {
      const options = { bypassDocumentValidation }
      switch (kind) {
        case 'insert':
          return items.insertOne({ _id: 2 }, options)
        case 'update':
          return items.updateOne({ _id: 1 }, { $inc: { x: 1 } }, options)
        case 'replace':
          return items.replaceOne({ _id: 1 }, { x: 5 }, options)
        case 'upsert':
          return items.updateOne({ _id: 3 }, { $set: { x: 1 } }, { ...options, upsert: true })
        case 'findAndModify':
          return items.findOneAndUpdate({ _id: 1 }, { $inc: { x: 1 } }, options)
      }
    }
    const refused = await failure(write(false))
    expect(refused).toMatchObject({ code: 121 })
    await write(true)
  })

  it('never see deletes, in no transaction either', async () => {
    await using server = await startTestServer()
    const items = server.db.collection<Item>('items')
    await items.insertMany([{ _id: 1 }, { _id: 2 }])
    await server.db.command({ collMod: 'items', validator: REFUSE_ALL })
    await items.deleteOne({ _id: 1 })
    await server.client.withSession((session) =>
      session.withTransaction(() => items.deleteOne({ _id: 2 }, { session })),
    )
    expect(await items.countDocuments()).toBe(0)
  })

  it('may be JSON schemas, and tell which document failed', async () => {
    await using server = await startTestServer()
    const validator = {
      $jsonSchema: {
        bsonType: 'object',
        required: ['x'],
        properties: { x: { bsonType: 'int', minimum: 1 } },
      },
    }
    const items = await server.db.createCollection<Item>('items', { validator })
    await items.insertOne({ _id: 1, x: 1 })
    const refused = await failure(items.insertOne({ _id: 2, x: 0 }))
    expect(refused).toMatchObject({ code: 121, message: 'Document failed validation' })
    const [error] = (refused.reply.writeErrors ?? [refused.reply]) as Array<{ errInfo: unknown }>
    expect(error?.errInfo).toMatchObject({ failingDocumentId: 2 })
  })

  it('are lifted by an empty one, and shown by listCollections', async () => {
    await using server = await startTestServer()
    const items = await server.db.createCollection<Item>('items', { validator: { x: 1 } })
    const [described] = await server.db.listCollections({ name: 'items' }).toArray()
    expect(described).toMatchObject({ options: { validator: { x: 1 } } })
    await server.db.command({ collMod: 'items', validator: {} })
    await items.insertOne({ _id: 1, x: 2 })
  })

  it('refuse a write of a transaction whose snapshot is older than they are', async () => {
    await using server = await startTestServer()
    const { db, client } = server
    await db.collection<Item>('items').insertOne({ _id: 1 })
    await db.collection<Item>('other').insertOne({ _id: 1 })
    const session = client.startSession()
    session.startTransaction()
    await db.collection<Item>('other').findOne({ _id: 1 }, { session })
    await db.command({ collMod: 'items', validator: REFUSE_ALL })
    const late = await failure(
      db.collection<Item>('items').updateOne({ _id: 1 }, { $set: { x: 1 } }, { session }),
    )
    expect(late).toMatchObject({ code: 246, labels: ['TransientTransactionError'] })
  })
})

describe('collMod against open transactions', { timeout: 30_000 }, () => {
  it('waits for one that has touched the collection, while later operations, reads too, queue behind it', async () => {
    await using server = await startTestServer()
    const { db, client } = server
    const items = db.collection<Item>('items')
    await items.insertOne({ _id: 1 })
    const session = client.startSession()
    session.startTransaction()
    await items.findOne({ _id: 1 }, { session })
    const order: string[] = []
    const collMod = db.command({ collMod: 'items', validator: REFUSE_ALL }).then(() => order.push('collMod'))
    await sleep(20)
    const read = items.findOne({ _id: 1 }).then(() => order.push('read'))
    const write = failure(items.updateOne({ _id: 1 }, { $set: { x: 1 } })).then(({ code }) =>
      order.push(`write ${code}`),
    )
    await sleep(30)
    expect(order).toEqual([])
    // Who holds the collection already may still write and commit: under the rules from before.
    await items.updateOne({ _id: 1 }, { $set: { x: 7 } }, { session })
    await session.commitTransaction()
    await Promise.all([collMod, read, write])
    expect(order[0]).toBe('collMod')
    expect(order.slice(1).toSorted()).toEqual(['read', 'write 121'])
    expect(await items.findOne({ _id: 1 })).toEqual({ _id: 1, x: 7 })
  })

  it('gives up after maxTimeMS, changes nothing, and lets the queue pass', async () => {
    await using server = await startTestServer()
    const { db, client } = server
    const items = db.collection<Item>('items')
    await items.insertOne({ _id: 1 })
    const session = client.startSession()
    session.startTransaction()
    await items.updateOne({ _id: 1 }, { $set: { x: 1 } }, { session })
    const collMod = failure(db.command({ collMod: 'items', validator: REFUSE_ALL, maxTimeMS: 60 }))
    await sleep(10)
    const read = items.findOne({ _id: 1 })
    expect(await collMod).toMatchObject({ code: 50 })
    expect(await read).toEqual({ _id: 1 })
    await session.commitTransaction()
    await items.insertOne({ _id: 2 })
  })

  it('makes another transaction fail at once instead of queueing', async () => {
    await using server = await startTestServer()
    const { db, client } = server
    const items = db.collection<Item>('items')
    await items.insertOne({ _id: 1 })
    const [first, second] = [client.startSession(), client.startSession()]
    first.startTransaction()
    await items.findOne({ _id: 1 }, { session: first })
    const collMod = db.command({ collMod: 'items', validator: {}, validationLevel: 'strict' })
    await sleep(10)
    second.startTransaction()
    expect(await failure(items.findOne({ _id: 1 }, { session: second }))).toMatchObject({
      code: 24,
      labels: ['TransientTransactionError'],
    })
    await first.abortTransaction()
    await collMod
  })

  it('changes the time of a TTL index and switches pre-images on', async () => {
    await using server = await startTestServer()
    const { db } = server
    await db.collection('sessions').createIndex({ at: 1 }, { expireAfterSeconds: 60 })
    const reply = await db.command({
      collMod: 'sessions',
      index: { keyPattern: { at: 1 }, expireAfterSeconds: 2147483647 },
      changeStreamPreAndPostImages: { enabled: true },
    })
    expect(reply).toMatchObject({ expireAfterSeconds_old: 60, expireAfterSeconds_new: 2147483647 })
    expect(await db.collection('sessions').indexes()).toMatchObject([{}, { expireAfterSeconds: 2147483647 }])
    const [described] = await db.listCollections().toArray()
    expect(described).toMatchObject({ options: { changeStreamPreAndPostImages: { enabled: true } } })
  })
})
