import mongoose, { type Connection, type Model, type Schema } from 'mongoose'

/**
 * The model of a legacy schema on a connection. Nothing is created behind one's back: indexes and collections come
 * from `createLegacyCollection` alone.
 */
export function legacyModel<Document>(
  connection: Connection,
  name: string,
  schema: Schema<Document>,
  collection: string,
): Model<Document> {
  const known = connection.models[name]
  if (known !== undefined) return known as Model<Document>
  schema.set('autoIndex', false)
  schema.set('autoCreate', false)
  return connection.model<Document>(name, schema, collection)
}

/** Makes the collection and the indexes that the legacy system has. Transactions cannot create collections safely. */
export async function createLegacyCollection<Document>(model: Model<Document>): Promise<void> {
  await model.createCollection()
  await model.createIndexes()
}

/** Whether MongoDB refused a write because `index` (the name of a unique index) holds the value already. */
export function duplicatesIndex(error: unknown, index: string): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof mongoose.mongo.MongoServerError && current.code === 11000) {
      return current.message.includes(`index: ${index} `)
    }
  }
  return false
}
