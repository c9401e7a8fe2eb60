import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { failure, startTestServer, type TestServer, temporaryFolder } from '../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const prepare = { collMod: 'c', index: { keyPattern: { x: 1 }, prepareUnique: true } }
const convert = { collMod: 'c', index: { keyPattern: { x: 1 }, unique: true } }

describe('collMod makes an index unique', () => {
  beforeEach(async () => {
    await server.db.dropDatabase()
    const documents = [1, 2, 3, 4].map((_id) => ({ _id, x: _id < 4 ? 1 : 2 }))
    await server.db.collection<{ _id: number; x: number }>('c').insertMany(documents)
    await server.db.collection('c').createIndex({ x: 1 })
  })

  test('in two steps: first nothing new may break it, then what is there is named or it is unique', async () => {
    const { db } = server
    expect(await failure(db.command(convert))).toMatchObject({ code: 72 })
    expect(await db.command(prepare)).toMatchObject({ prepareUnique_old: false, prepareUnique_new: true })
    expect(await failure(db.collection('c').insertOne({ x: 2 }))).toMatchObject({ code: 11000 })
    expect(await failure(db.command(convert))).toMatchObject({
      code: 359,
      reply: { codeName: 'CannotConvertIndexToUnique', violations: [{ ids: [1, 2, 3] }] },
    })
    await db.collection<{ _id: number }>('c').deleteMany({ _id: { $in: [2, 3] } })
    expect(await db.command(convert)).toMatchObject({ unique_new: true })
    expect(await db.collection('c').indexes()).toContainEqual({
      v: 2,
      key: { x: 1 },
      name: 'x_1',
      unique: true,
    })
    expect(await failure(db.collection('c').insertOne({ x: 1 }))).toMatchObject({ code: 11000 })
  })

  test('and it is so after a restart', async () => {
    using folder = temporaryFolder()
    {
      await using first = await startTestServer({ data: folder.path })
      const db = first.client.db('d')
      await db.collection('c').createIndex({ x: 1 })
      await db.command(prepare)
      await db.command(convert)
    }
    await using second = await startTestServer({ data: folder.path })
    expect(await second.client.db('d').collection('c').indexes()).toContainEqual({
      v: 2,
      key: { x: 1 },
      name: 'x_1',
      unique: true,
    })
  })
})

test('collMod refuses fields of the index that it does not know', async () => {
  await server.db.collection('c').createIndex({ y: 1 })
  const unknown = { collMod: 'c', index: { name: 'y_1', sparse: true } }
  expect(await failure(server.db.command(unknown))).toMatchObject({ code: 40415 })
})
