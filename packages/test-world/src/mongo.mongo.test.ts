import { expect, it } from 'vitest'
import { freshMongo } from './mongo.ts'

it('gives every caller an empty database of its own, on a replica set', async () => {
  await using first = await freshMongo()
  await using second = await freshMongo()
  await first.client.db(first.databaseName).collection('things').insertOne({ name: 'only here' })
  expect(await second.client.db(second.databaseName).collection('things').countDocuments()).toBe(0)
  const hello = await first.client.db('admin').command({ hello: 1 })
  expect(hello.setName).toEqual(expect.any(String))
})
