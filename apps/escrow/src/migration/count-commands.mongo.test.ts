import mongoose from 'mongoose'
import { freshMongo } from 'test-world/mongo'
import { expect, test } from 'vitest'
import { countQueriesOn } from '../platform/query-count.ts'
import { countCommandsOf } from './count-commands.ts'

test('commands count on the work that sent them, also when many run at once', async () => {
  await using mongo = await freshMongo()
  const options = { dbName: mongo.databaseName, monitorCommands: true, maxPoolSize: 3 }
  const connection = await mongoose.createConnection(mongo.url, options).asPromise()
  countCommandsOf(connection)
  const things = connection.collection<{ _id: number }>('things')
  await things.insertMany(Array.from({ length: 5 }, (_, _id) => ({ _id })))

  const asked = Array.from({ length: 30 }, (_, index) => index % 6)
  const counted = await Promise.all(
    asked.map(async (queries) => {
      const count = { queries: 0 }
      await countQueriesOn(count, async () => {
        const finds = Array.from({ length: queries }, (_, _id) => things.findOne({ _id }))
        await Promise.all(finds)
      })
      return count.queries
    }),
  )
  await connection.close()
  expect(counted).toEqual(asked)
})
