import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Long, MongoClient, UUID } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { startStandIn } from '../index.ts'
import { failure, startTestServer, temporaryFolder } from '../testing/test-server.ts'
import { connectWire } from '../testing/wire-client.ts'

const CLI = fileURLToPath(new URL('../cli.ts', import.meta.url))

/** Starts the command in a process of its own and waits for its line. */
async function startProcess(args: string[]): Promise<{ child: ChildProcess; line: string; url: string }> {
  const child = spawn(process.execPath, [CLI, '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString()))
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}`)))
  })
  return { child, line, url: /mongodb:\/\/\S+/.exec(line)?.[0] ?? '' }
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exit = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  child.kill(signal)
  return exit
}

interface Counter {
  _id: number
  n: number
}

describe('a server with a data folder', { timeout: 30_000 }, () => {
  it('has documents, indexes, options and counts again after a restart', async () => {
    using folder = temporaryFolder()
    {
      await using server = await startTestServer({ data: folder.path })
      const items = server.client.db('app').collection<{ _id: number; x: number }>('items')
      await items.createIndex({ x: 1 }, { unique: true, name: 'by_x' })
      await items.insertMany([
        { _id: 1, x: 1 },
        { _id: 2, x: 2 },
        { _id: 3, x: 3 },
      ])
      await items.updateOne({ _id: 2 }, { $set: { x: 20 } })
      await items.deleteOne({ _id: 3 })
      await server.client.db('app').command({ collMod: 'items', validator: { x: { $lt: 100 } } })
      await server.client.db('app').renameCollection('items', 'things')
    }
    await using server = await startTestServer({ data: folder.path })
    const things = server.client.db('app').collection<{ _id: number; x: number }>('things')
    expect(await things.find().toArray()).toEqual([
      { _id: 1, x: 1 },
      { _id: 2, x: 20 },
    ])
    expect(await things.estimatedDocumentCount()).toBe(2)
    expect(await failure(things.insertOne({ _id: 4, x: 20 }))).toMatchObject({ code: 11000 })
    expect(await failure(things.insertOne({ _id: 4, x: 100 }))).toMatchObject({ code: 121 })
    await things.insertOne({ _id: 4, x: 2 })
    const explained = await things.find({ x: 20 }).explain()
    expect(JSON.stringify(explained)).toContain('by_x')
  })

  it('answers a retryable write, and a commit, that an earlier process has done, without doing it again', async () => {
    using folder = temporaryFolder()
    const number = (session: UUID, txnNumber: number) => ({
      lsid: { id: session },
      txnNumber: Long.fromNumber(txnNumber),
    })
    const increment = { q: { _id: 1 }, u: { $inc: { n: 1 } } }
    const retried = { update: 'counters', updates: [increment], ...number(new UUID(), 7), $db: 'app' }
    const transaction = { ...number(new UUID(), 3), autocommit: false }
    const insert = { insert: 'counters', documents: [{ _id: 2, n: 0 }], ...transaction, $db: 'app' }
    const commit = { commitTransaction: 1, ...transaction, $db: 'admin' }
    {
      await using server = await startTestServer({ data: folder.path })
      await using wire = await connectWire(server.standIn.port)
      await server.client.db('app').collection<Counter>('counters').insertOne({ _id: 1, n: 0 })
      expect(await wire.command(retried)).toMatchObject({ ok: 1, n: 1, nModified: 1 })
      expect(await wire.command({ ...insert, startTransaction: true })).toMatchObject({ ok: 1, n: 1 })
      expect(await wire.command(commit)).toMatchObject({ ok: 1 })
    }
    await using server = await startTestServer({ data: folder.path })
    await using wire = await connectWire(server.standIn.port)
    const counters = server.client.db('app').collection<Counter>('counters')
    expect(await wire.command(retried)).toMatchObject({ ok: 1, n: 1, nModified: 1 })
    expect(await counters.findOne({ _id: 1 })).toEqual({ _id: 1, n: 1 })
    expect(await wire.command(commit)).toMatchObject({ ok: 1 })
    expect(await wire.command(insert)).toMatchObject({ ok: 0, code: 256 })
    expect(await counters.countDocuments()).toBe(2)
  })

  it('loses no acknowledged write and shows no half of a transaction after kill -9', {
    timeout: 30_000,
  }, async () => {
    using folder = temporaryFolder()
    const acknowledged = new Set<number>()
    for (let round = 0; round < 3; round++) {
      const { child, url } = await startProcess(['--data', folder.path])
      const client = await new MongoClient(url, {
        retryWrites: false,
        serverSelectionTimeoutMS: 2000,
      }).connect()
      const items = client.db('app').collection<{ _id: number; pair?: number }>('items')
      let alive = true
      const singles = async (offset: number) => {
        for (let n = 0; alive; n++) {
          const id = round * 1e6 + offset * 1e5 + n
          await items.insertOne({ _id: id })
          acknowledged.add(id)
        }
      }
      const pairs = async () => {
        for (let n = 0; alive; n++) {
          const id = round * 1e6 + 9e5 + n * 2
          await client.withSession((session) =>
            session.withTransaction(async () => {
              await items.insertOne({ _id: id, pair: id }, { session })
              await items.insertOne({ _id: id + 1, pair: id }, { session })
            }),
          )
          acknowledged.add(id).add(id + 1)
        }
      }
      const writers = [singles(0), singles(1), singles(2), pairs()].map((writer) => writer.catch(() => {}))
      await new Promise((resolve) => setTimeout(resolve, 250))
      await ended(child, 'SIGKILL')
      alive = false
      // A closed client ends at once what it would try again for long.
      await client.close()
      await Promise.all(writers)
    }
    await using server = await startTestServer({ data: folder.path })
    const items = server.client.db('app').collection<{ _id: number; pair?: number }>('items')
    const found = await items.find().toArray()
    const ids = new Set(found.map(({ _id }) => _id))
    expect(acknowledged.size).toBeGreaterThan(50)
    expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([])
    const halves = Map.groupBy(
      found.filter(({ pair }) => pair !== undefined),
      ({ pair }) => pair,
    )
    expect([...halves.values()].filter((both) => both.length !== 2)).toEqual([])
  })

  it('says on one line what it is, ends cleanly on SIGTERM, and explains a port or folder that is taken', {
    timeout: 15_000,
  }, async () => {
    using folder = temporaryFolder()
    const { child, line, url } = await startProcess(['--data', folder.path, '--replica-set', 'rsX'])
    expect(line.trim().split('\n')).toHaveLength(1)
    expect(line).toMatch(/replicaSet=rsX .*never for production/)
    await expect(startStandIn({ data: folder.path })).rejects.toMatchObject({ code: 'STAND_IN_DATA_LOCKED' })
    await expect(startStandIn({ port: Number(new URL(url).port) })).rejects.toMatchObject({
      code: 'STAND_IN_PORT_IN_USE',
    })
    expect(await ended(child, 'SIGTERM')).toBe(0)
    await (await startStandIn({ data: folder.path })).close()
  })
})
