import { MongoClient } from 'mongodb'
import mongoose from 'mongoose'
import { freshMongo } from 'test-world/mongo'
import { expect, it } from 'vitest'
import { createLegacyCollections } from '../../src/migration/legacy-collections.ts'
import { fillLegacyDatabase } from './fill.ts'

it('writes every collection into a database that has the legacy indexes, and says how much', async () => {
  await using mongo = await freshMongo()
  const connection = await mongoose.createConnection(mongo.url, { dbName: mongo.databaseName }).asPromise()
  await createLegacyCollections(connection)
  await connection.close()
  await using client = new MongoClient(mongo.url)
  const database = client.db(mongo.databaseName)
  const totals: number[] = []
  const documents = 1_000
  const { collections } = await fillLegacyDatabase(database, {
    documents,
    seed: 4,
    now: new Date(),
    onProgress: ({ total }) => totals.push(total),
  })
  for (const [collection, filled] of collections) {
    expect([collection, await database.collection(collection).countDocuments()]).toEqual([
      collection,
      filled.documents,
    ])
  }
  const written = [...collections.values()].reduce((sum, filled) => sum + filled.documents, 0)
  expect(totals.at(-1)).toBe(written)
  expect(Math.abs(written - documents)).toBeLessThan(documents * 0.1)
})
