import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failure, startTestServer, type TestServer } from '../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  await server.db.collection<{ _id: number }>('c').insertMany([{ _id: 1 }, { _id: 2 }])
})
afterAll(() => server[Symbol.asyncDispose]())

const index = (spec: object) => ({ createIndexes: 'c', indexes: [spec] })

describe('a command that a mongod refuses is refused here, with its code', () => {
  test.each<[number, object]>([
    [51024, { find: 'c', limit: -1 }],
    [51024, { find: 'c', batchSize: -1 }],
    [2, { find: 'c', maxTimeMS: -1 }],
    [40415, { find: 'c', readConcern: { level: 'local', foo: 1 } }],
    [72, { find: 'c', writeConcern: { w: 1 } }],
    [40414, { distinct: 'c' }],
    [73, { aggregate: 1, pipeline: [], cursor: {} }],
    [73, { aggregate: 1, pipeline: [{ $match: {} }], cursor: {} }],
    [26, { aggregate: 'nope', pipeline: [{ $collStats: { count: {} } }], cursor: {} }],
    [16, { insert: 'c', documents: [] }],
    [16, { update: 'c', updates: [] }],
    [16, { delete: 'c', deletes: [] }],
    [73, { insert: 'bad$name', documents: [{}] }],
    [73, { insert: 'system.own', documents: [{}] }],
    [72, { insert: 'c', documents: [{}], readConcern: { level: 'majority' } }],
    [9, { insert: 'c', documents: [{}], writeConcern: { w: 51 } }],
    [40415, { insert: 'c', documents: [{}], writeConcern: { foo: 1 } }],
    [9, { delete: 'c', deletes: [{ q: {}, limit: 2 }] }],
    [40414, { delete: 'c', deletes: [{ q: {} }] }],
    [9, { findAndModify: 'c' }],
    [9, { findAndModify: 'c', remove: true, upsert: true }],
    [9, { findAndModify: 'c', remove: true, new: true }],
    [9, { findAndModify: 'c', remove: true, update: {} }],
    [2, { create: 'new', validationLevel: 'foo' }],
    [2, { collMod: 'c', validationAction: 'foo' }],
    [14, { create: 'new', changeStreamPreAndPostImages: { enabled: 'yes' } }],
    [2, { createIndexes: 'c', indexes: [] }],
    [9, index({ key: { a: 1 } })],
    [9, index({ name: 'a' })],
    [67, index({ key: { a: 1 }, name: '' })],
    [2, index({ key: { a: 1 }, name: '*' })],
    [197, index({ key: { a: 1 }, name: 'a', foo: 1 })],
    [197, index({ key: { _id: 1 }, name: '_id_', unique: true })],
    [67, index({ key: { a: 1 }, name: 'a', expireAfterSeconds: -1 })],
    [67, index({ key: { a: 1, b: 1 }, name: 'a', expireAfterSeconds: 1 })],
    [40414, { dropIndexes: 'c' }],
    [13, { listDatabases: 1 }],
    [13, { bulkWrite: 1, ops: [{ insert: 0, document: {} }], nsInfo: [{ ns: 'a.b' }] }],
    [20, { explain: { ping: 1 } }],
    [2, { explain: { find: 'c' }, verbosity: 'all' }],
  ])('%i %o', async (code, command) => {
    expect(await failure(server.db.command(command))).toMatchObject({ code })
    expect(await server.db.collection('c').countDocuments()).toBe(2)
    expect(await server.db.collection('c').indexes()).toHaveLength(1)
  })

  test('as an error of its statement: a sorted update of many', async () => {
    const updates = [{ q: {}, u: { $set: { a: 1 } }, multi: true, sort: { _id: 1 } }]
    const reply = await server.db.command({ update: 'c', updates })
    expect(reply).toMatchObject({ n: 0, writeErrors: [{ code: 9 }] })
  })

  test('in the admin database: no parameter of that name, no end of the server’s own databases', async () => {
    const admin = server.client.db('admin')
    expect(await failure(admin.command({ getParameter: 1, foo: 1 }))).toMatchObject({ code: 72 })
    expect(await failure(admin.command({ dropDatabase: 1 }))).toMatchObject({ code: 20 })
    expect(await failure(admin.command({ bulkWrite: 1, ops: [], nsInfo: [] }))).toMatchObject({ code: 16 })
  })
})

test('aggregate with explain explains and gives no documents', async () => {
  const reply = await server.db.command({ aggregate: 'c', pipeline: [{ $match: { _id: 1 } }], explain: true })
  expect(reply.queryPlanner.winningPlan.inputStage.indexName).toBe('_id_')
  expect(reply).not.toHaveProperty('cursor')
})

test('the results of bulkWrite come in batches', async () => {
  const ops = [1, 2, 3].map(() => ({ insert: 0, document: {} }))
  const nsInfo = [{ ns: `${server.db.databaseName}.bulk` }]
  const admin = server.client.db('admin')
  const { cursor } = await admin.command({ bulkWrite: 1, ops, nsInfo, cursor: { batchSize: 2 } })
  expect(cursor.firstBatch).toHaveLength(2)
  const more = await admin.command({ getMore: cursor.id, collection: '$cmd.bulkWrite' })
  expect(more.cursor).toMatchObject({ id: 0, nextBatch: [{ ok: 1, idx: 2, n: 1 }] })
})
