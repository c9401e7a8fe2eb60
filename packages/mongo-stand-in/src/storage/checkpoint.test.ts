import { cpSync, readdirSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ChangeStreamDocument, type Document, Long, type MongoClient, UUID } from 'mongodb'
import { describe, expect, it } from 'vitest'
import type { StandInOptions } from '../index.ts'
import { failure, startTestServer, temporaryFolder } from '../testing/test-server.ts'
import { connectWire } from '../testing/wire-client.ts'

interface Item {
  _id: number
  x: number
  tags?: number[]
}

const KILOBYTE = 1 / 1024
const small = { segmentMegabytes: 20 * KILOBYTE, slackMegabytes: 40 * KILOBYTE }

const names = (folder: string) => readdirSync(folder).toSorted()
const checkpoints = (folder: string) => names(folder).filter((name) => name.startsWith('checkpoint-'))
const segments = (folder: string) => names(folder).filter((name) => name.startsWith('segment-'))

/** Writes until the files have been compacted so often. */
async function writeUntil(client: MongoClient, folder: string, compactions: number): Promise<void> {
  const churn = client.db('app').collection<Item>('churn')
  const seen = new Set<string>()
  for (let n = 0; seen.size < compactions; n++) {
    if (n === 200) throw new Error(`${seen.size} checkpoints after ${n} rounds`)
    const models = Array.from({ length: 20 }, (_, _id) => ({
      replaceOne: { filter: { _id }, replacement: { x: n, text: 'x'.repeat(300) }, upsert: true },
    }))
    await churn.bulkWrite(models)
    for (const name of checkpoints(folder)) if (name.endsWith('.log')) seen.add(name)
  }
}

/** Everything that clients can see. */
async function visible(client: MongoClient): Promise<Document> {
  const db = client.db('app')
  const collections = (await db.listCollections().toArray()).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const contents: Document = {}
  for (const { name } of collections) {
    const collection = db.collection(name)
    contents[name] = {
      documents: await collection.find({}, { promoteValues: false }).toArray(),
      indexes: await collection.indexes(),
      count: await collection.estimatedDocumentCount(),
    }
  }
  return { collections, contents }
}

async function eventsFrom(client: MongoClient, options: Document): Promise<ChangeStreamDocument[]> {
  const stream = client.db('app').watch([], { ...options, maxAwaitTimeMS: 20 })
  const events: ChangeStreamDocument[] = []
  for (let event = await stream.tryNext(); event !== null; event = await stream.tryNext()) events.push(event)
  await stream.close()
  return events
}

async function makeItems(client: MongoClient): Promise<void> {
  const db = client.db('app')
  const items = db.collection<Item>('before')
  await items.insertMany([
    { _id: 1, x: 1, tags: [1, 2] },
    { _id: 2, x: 2 },
    { _id: 3, x: 3 },
  ])
  await items.createIndex({ x: 1 }, { unique: true, name: 'by_x' })
  await items.createIndex({ tags: 1 }, { partialFilterExpression: { x: { $lt: 10 } } })
  await items.updateOne({ _id: 2 }, { $set: { x: 20 } })
  await items.deleteOne({ _id: 3 })
  await db.createCollection('told', { changeStreamPreAndPostImages: { enabled: true } })
  await db.command({ collMod: 'before', validator: { x: { $lt: 100 } } })
  await db.renameCollection('before', 'items')
  await db.createCollection('dropped')
  await db.dropCollection('dropped')
}

function start(folder: string, options: StandInOptions = {}) {
  return startTestServer({ data: folder, ...small, ...options })
}

describe('a data folder that is compacted', { timeout: 30_000 }, () => {
  it('has the same documents, indexes, options and uuids after a restart, and few files', async () => {
    using folder = temporaryFolder()
    let before: Document
    {
      await using server = await start(folder.path, { oplogMegabytes: 20 * KILOBYTE })
      await makeItems(server.client)
      await writeUntil(server.client, folder.path, 3)
      before = await visible(server.client)
    }
    expect(checkpoints(folder.path)).toHaveLength(1)
    expect(segments(folder.path).length).toBeLessThan(10)
    await using server = await start(folder.path)
    expect(await visible(server.client)).toEqual(before)
    const items = server.client.db('app').collection<Item>('items')
    expect(await failure(items.insertOne({ _id: 4, x: 20 }))).toMatchObject({ code: 11000 })
    expect(await failure(items.insertOne({ _id: 4, x: 100 }))).toMatchObject({ code: 121 })
    const explained = await items.find({ x: 20 }).explain()
    expect(JSON.stringify(explained)).toContain('by_x')
    expect(
      await items
        .find({ tags: 2, x: { $lt: 10 } })
        .hint('tags_1')
        .toArray(),
    ).toHaveLength(1)
  })

  it('answers retries and commits of before the checkpoint without doing them again', async () => {
    using folder = temporaryFolder()
    const session = () => ({ lsid: { id: new UUID() }, txnNumber: Long.fromNumber(5) })
    const update = {
      update: 'counters',
      updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } }, upsert: true }],
      ...session(),
      $db: 'app',
    }
    const transaction = { ...session(), autocommit: false }
    const insert = { insert: 'counters', documents: [{ _id: 2, n: 0 }], ...transaction, $db: 'app' }
    const commit = { commitTransaction: 1, ...transaction, $db: 'admin' }
    for (let restart = 0; restart < 2; restart++) {
      await using server = await start(folder.path)
      await using wire = await connectWire(server.standIn.port)
      const first = restart === 0
      expect(await wire.command(update)).toMatchObject({ ok: 1, n: 1, upserted: [{ index: 0, _id: 1 }] })
      if (first)
        expect(await wire.command({ ...insert, startTransaction: true })).toMatchObject({ ok: 1, n: 1 })
      expect(await wire.command(commit)).toMatchObject({ ok: 1 })
      const counters = server.client.db('app').collection<{ _id: number; n: number }>('counters')
      expect(await counters.find().toArray()).toEqual([
        { _id: 1, n: 1 },
        { _id: 2, n: 0 },
      ])
      if (first) await writeUntil(server.client, folder.path, 1)
      else expect(await wire.command(insert)).toMatchObject({ ok: 0, code: 256 })
    }
  })

  it('lets change streams resume from before the checkpoint, and says so when that is out of the window', async () => {
    using folder = temporaryFolder()
    let all: ChangeStreamDocument[]
    let start0: Document | undefined
    {
      await using server = await start(folder.path)
      start0 = (await server.client.db('app').command({ ping: 1 })).operationTime
      await makeItems(server.client)
      await writeUntil(server.client, folder.path, 2)
      all = await eventsFrom(server.client, { startAtOperationTime: start0, showExpandedEvents: true })
    }
    {
      await using server = await start(folder.path)
      const options = { showExpandedEvents: true }
      expect(await eventsFrom(server.client, { startAtOperationTime: start0, ...options })).toEqual(all)
      for (const at of [0, 5, all.length - 10]) {
        expect(await eventsFrom(server.client, { resumeAfter: all[at]?._id, ...options })).toEqual(
          all.slice(at + 1),
        )
      }
    }
    {
      // With a smaller window the oldest are gone, also after their segments were removed.
      await using server = await start(folder.path, { oplogMegabytes: 60 * KILOBYTE })
      await writeUntil(server.client, folder.path, 2)
    }
    expect(segments(folder.path)).not.toContain('segment-000000001.log')
    await using server = await start(folder.path)
    expect(await failure(eventsFrom(server.client, { resumeAfter: all[5]?._id }))).toMatchObject({
      code: 286,
    })
    expect(await failure(eventsFrom(server.client, { startAtOperationTime: start0 }))).toMatchObject({
      code: 286,
    })
  })

  it('does not do again what the checkpoint has, in segments that are only kept for change streams', async () => {
    using folder = temporaryFolder()
    let told: ChangeStreamDocument[]
    let from: Document | undefined
    {
      await using server = await start(folder.path, { oplogMegabytes: 140 * KILOBYTE })
      const db = server.client.db('app')
      await db.createCollection('short')
      await writeUntil(server.client, folder.path, 6)
      // The segment that created it is gone, the one that drops it stays.
      from = (await db.command({ ping: 1 })).operationTime
      await db.collection<Item>('short').insertOne({ _id: 1, x: 1 })
      await db.dropCollection('short')
      await writeUntil(server.client, folder.path, 2)
      told = await eventsFrom(server.client, { startAtOperationTime: from })
    }
    expect(segments(folder.path)).not.toContain('segment-000000001.log')
    await using server = await start(folder.path, { oplogMegabytes: 140 * KILOBYTE })
    const short = told.filter((event) => 'ns' in event && 'coll' in event.ns && event.ns.coll === 'short')
    expect(short.map(({ operationType }) => operationType)).toEqual(['insert', 'drop'])
    expect(await eventsFrom(server.client, { startAtOperationTime: from })).toEqual(told)
    expect(await server.client.db('app').listCollections({ name: 'short' }).toArray()).toEqual([])
  })

  it('loses nothing whatever step of a checkpoint a kill hits', async () => {
    using folder = temporaryFolder()
    using copies = temporaryFolder()
    const states: string[] = []
    let before: Document
    let token: unknown
    let first: Document | undefined
    {
      await using server = await start(folder.path)
      first = (await server.client.db('app').command({ ping: 1 })).operationTime
      await makeItems(server.client)
      await writeUntil(server.client, folder.path, 1)
      cpSync(folder.path, `${copies.path}/older`, { recursive: true })
      await writeUntil(server.client, folder.path, 2)
      await sleep(50)
      before = await visible(server.client)
      token = (await eventsFrom(server.client, { startAtOperationTime: first })).at(-1)?._id
    }
    const copy = (name: string) => {
      const path = `${copies.path}/${name}`
      cpSync(folder.path, path, { recursive: true })
      states.push(path)
      return path
    }
    copy('finished')
    // Step 2: a checkpoint that is not whole.
    writeFileSync(`${copy('unfinished')}/checkpoint-000000999.tmp`, Buffer.alloc(1000, 7))
    // Step 5: the older checkpoint is still there.
    const older = checkpoints(`${copies.path}/older`)[0] ?? ''
    cpSync(`${copies.path}/older/${older}`, `${copy('both')}/${older}`)
    for (const path of states) {
      await using server = await startTestServer({ data: path })
      expect(await visible(server.client), path).toEqual(before)
      expect((await eventsFrom(server.client, { startAtOperationTime: first })).at(-1)?._id).toEqual(token)
      expect(checkpoints(path)).toHaveLength(1)
    }
  })
})
