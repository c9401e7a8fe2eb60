/**
 * Fills MONGO_URL with generated legacy data:  npm run seed -- --documents 20000 --seed 1
 */
import { parseArgs } from 'node:util'
import { MongoClient } from 'mongodb'
import mongoose from 'mongoose'
import { createLegacyCollections } from '../../src/migration/legacy-collections.ts'
import { readMigrationConfig } from '../../src/migration/migration-config.ts'
import { fillLegacyDatabase } from './fill.ts'

const help = `Fills the MongoDB of MONGO_URL (database MONGO_DB) with generated legacy data.

  npm run seed -- [--documents N] [--seed N]

  --documents N   about how many documents in all (20000)
  --seed N        the same seed gives the same documents (1)

Example
  MONGO_URL='mongodb://127.0.0.1:27017/?replicaSet=rs0' npm run seed -- --documents 5000
`

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(help)
} else {
  const config = readMigrationConfig(process.env)
  const connection = await mongoose
    .createConnection(config.mongoUrl, { dbName: config.mongoDatabase, serverSelectionTimeoutMS: 5_000 })
    .asPromise()
  await createLegacyCollections(connection)
  await connection.close()
  await using client = new MongoClient(config.mongoUrl)
  const filled = await fillLegacyDatabase(client.db(config.mongoDatabase), {
    documents: Number.parseInt(values.documents, 10),
    seed: Number.parseInt(values.seed, 10),
    onProgress: (collection, count) => process.stderr.write(`${collection} ${count}\n`),
  })
  const counts = Object.fromEntries([...filled].map(([collection, ids]) => [collection, ids.length]))
  process.stdout.write(`${JSON.stringify(counts)}\n`)
}
