import mongoose, { type Connection } from 'mongoose'
import { freshMongo } from 'test-world/mongo'
import type { Units } from '../../units.ts'
import { createLegacyCollections } from '../legacy-collections.ts'
import { mongoRepositories } from '../mongo-repositories.ts'
import { type MongoUnitOptions, mongoUnitStore } from '../mongo-unit-store.ts'

export interface EscrowMongo extends AsyncDisposable {
  connection: Connection
  units: Units
}

/** For tests: a database of its own with the legacy collections, and the units on it. */
export async function escrowMongo(options: MongoUnitOptions = {}): Promise<EscrowMongo> {
  const mongo = await freshMongo()
  const settings = { dbName: mongo.databaseName, monitorCommands: true }
  const connection = await mongoose.createConnection(mongo.url, settings).asPromise()
  await createLegacyCollections(connection)
  return {
    connection,
    units: {
      category: mongoUnitStore(connection, mongoRepositories.category, options),
      shop: mongoUnitStore(connection, mongoRepositories.shop, options),
      level: mongoUnitStore(connection, mongoRepositories.level, options),
      config: mongoUnitStore(connection, mongoRepositories.config, options),
      user: mongoUnitStore(connection, mongoRepositories.user, options),
      request: mongoUnitStore(connection, mongoRepositories.request, options),
      payment: mongoUnitStore(connection, mongoRepositories.payment, options),
      address: mongoUnitStore(connection, mongoRepositories.address, options),
      review: mongoUnitStore(connection, mongoRepositories.review, options),
      blog: mongoUnitStore(connection, mongoRepositories.blog, options),
      dispute: mongoUnitStore(connection, mongoRepositories.dispute, options),
      notification: mongoUnitStore(connection, mongoRepositories.notification, options),
      trezor: mongoUnitStore(connection, mongoRepositories.trezor, options),
      chat: mongoUnitStore(connection, mongoRepositories.chat, options),
      telegram: mongoUnitStore(connection, mongoRepositories.telegram, options),
    },
    [Symbol.asyncDispose]: async () => {
      await connection.close()
      await mongo[Symbol.asyncDispose]()
    },
  }
}
