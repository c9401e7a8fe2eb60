import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failure, startTestServer, type TestServer } from '../testing/test-server.ts'
import { connectWire } from '../testing/wire-client.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  await server.db.collection<{ _id: number }>('c').insertMany([{ _id: 1 }, { _id: 2 }])
})
afterAll(() => server[Symbol.asyncDispose]())

describe('an argument that a command does not know', () => {
  test.each([
    ['find', { find: 'c', filtre: {} }, 'find.filtre'],
    ['aggregate', { aggregate: 'c', pipeline: [], cursor: {}, alow: 1 }, 'aggregate.alow'],
    ['insert', { insert: 'c', documents: [{}], upsert: true }, 'insert.upsert'],
    ['update', { update: 'c', updates: [{ q: {}, u: {}, multy: true }] }, 'update.updates.multy'],
    ['delete', { delete: 'c', deletes: [{ q: {}, limit: 0, sort: {} }] }, 'delete.deletes.sort'],
    ['count', { count: 'c', sort: {} }, 'count.sort'],
    ['distinct', { distinct: 'c', key: 'x', limit: 1 }, 'distinct.limit'],
    ['findAndModify', { findAndModify: 'c', remove: true, limit: 1 }, 'findAndModify.limit'],
    ['create', { create: 'new', unknown: 1 }, 'create.unknown'],
    ['collMod', { collMod: 'c', unknown: 1 }, 'collMod.unknown'],
    [
      'createIndexes',
      { createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a' }], unique: true },
      'createIndexes.unique',
    ],
    ['drop', { drop: 'c', force: true }, 'drop.force'],
    ['listCollections', { listCollections: 1, names: true }, 'listCollections.names'],
  ])('is refused by %s', async (_name, command, field) => {
    expect(await failure(server.db.command(command))).toMatchObject({
      code: 40415,
      message: `BSON field '${field}' is an unknown field.`,
    })
    expect(await server.db.collection('c').countDocuments()).toBe(2)
  })

  test('is one that every command takes, or it is refused', async () => {
    const comment = { from: 'test' }
    expect(await server.db.command({ find: 'c', comment, maxTimeMS: 1000, $queryOptions: {} })).toMatchObject(
      { ok: 1 },
    )
  })
})

describe('the versioned API', () => {
  const versioned = (command: object) => server.db.command(command)

  test('knows version 1 only', async () => {
    expect(await failure(versioned({ ping: 1, apiVersion: '2' }))).toMatchObject({ code: 322 })
    expect(await failure(versioned({ ping: 1, apiStrict: true }))).toMatchObject({ code: 322 })
    expect(
      await versioned({ ping: 1, apiVersion: '1', apiStrict: true, apiDeprecationErrors: true }),
    ).toMatchObject({ ok: 1 })
  })

  test('in strict mode leaves out commands and stages', async () => {
    const strict = { apiVersion: '1', apiStrict: true }
    expect(await failure(versioned({ distinct: 'c', key: 'x', ...strict }))).toMatchObject({
      code: 323,
      message: expect.stringContaining('command distinct is not in API Version 1'),
    })
    expect(await failure(versioned({ testVersion2: 1, ...strict }))).toMatchObject({ code: 323 })
    const stats = (spec: object) =>
      versioned({ aggregate: 'c', pipeline: [{ $collStats: spec }], cursor: {}, ...strict })
    expect(await stats({ count: {} })).toMatchObject({ ok: 1 })
    expect(await failure(stats({ storageStats: {} }))).toMatchObject({ code: 323 })
  })
})

describe('a fail point', () => {
  const failCommand = (mode: unknown, data: object) =>
    server.client.db('admin').command({ configureFailPoint: 'failCommand', mode, data })

  test('strikes only the application that it names, from its first hello on', async () => {
    await failCommand('alwaysOn', { failCommands: ['hello', 'isMaster'], errorCode: 91, appName: 'struck' })
    try {
      await using wire = await connectWire(server.standIn.port)
      expect(await wire.command({ hello: 1, $db: 'admin' })).toMatchObject({ ok: 1 })
      const client = { application: { name: 'struck' }, driver: {}, os: {} }
      expect(await wire.command({ isMaster: 1, client, $db: 'admin' })).toMatchObject({ ok: 0, code: 91 })
    } finally {
      await server.client.db('admin').command({ configureFailPoint: 'failCommand', mode: 'off' })
    }
  })

  test('strikes so many times, after so many, or by chance', async () => {
    const outcomes = async (count: number) => {
      const codes = []
      for (let at = 0; at < count; at++)
        codes.push((await server.db.command({ ping: 1 }).catch((e) => e)).code)
      return codes
    }
    await failCommand({ times: 2 }, { failCommands: ['ping'], errorCode: 2 })
    expect(await outcomes(3)).toEqual([2, 2, undefined])
    await failCommand({ skip: 2 }, { failCommands: ['ping'], errorCode: 2 })
    expect(await outcomes(3)).toEqual([undefined, undefined, 2])
    await failCommand({ activationProbability: 0 }, { failCommands: ['ping'], errorCode: 2 })
    expect(await outcomes(2)).toEqual([undefined, undefined])
    expect(await failure(failCommand('sometimes', { failCommands: ['ping'] }))).toMatchObject({ code: 2 })
    await server.client.db('admin').command({ configureFailPoint: 'failCommand', mode: 'off' })
  })
})
