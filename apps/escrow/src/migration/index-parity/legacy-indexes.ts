import { globSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import mongoose, { type Connection } from 'mongoose'
import { inboxModel, outboxModel } from '../effects.mongo.ts'
import { mongoRepositories } from '../mongo-repositories.ts'

/** One index of a legacy model. */
export interface LegacyIndex {
  collection: string
  /** Its fields as `field:direction`, joined by commas: names of indexes differ between deployments. */
  fields: string
  unique: boolean
}

const domains = fileURLToPath(new URL('../../domains/', import.meta.url))

/**
 * Every index that the legacy models declare, at a field or for a schema. The models are found by their files, so that
 * one that nobody registered is not forgotten.
 */
export async function legacyIndexes(): Promise<LegacyIndex[]> {
  // Models need a connection to hang on, not a server.
  const connection = mongoose.createConnection()
  const found: LegacyIndex[] = []
  for (const file of globSync('**/legacy/*model*.mongo.ts', { cwd: domains }).sort()) {
    const exported: Record<string, unknown> = await import(pathToFileURL(`${domains}${file}`).href)
    for (const [name, value] of Object.entries(exported)) {
      if (name.endsWith('Model') && isModelMaker(value)) found.push(...indexesOf(value(connection)))
    }
  }
  for (const unit of Object.keys(mongoRepositories)) {
    found.push(...indexesOf(outboxModel(connection, unit)), ...indexesOf(inboxModel(connection, unit)))
  }
  return found
}

/** What is asked of a model, of whatever documents. */
interface Indexed {
  collection: { collectionName: string }
  schema: { indexes(): [object, { unique?: unknown }][] }
}

type ModelMaker = (connection: Connection) => Indexed

function isModelMaker(value: unknown): value is ModelMaker {
  return typeof value === 'function'
}

function indexesOf(model: Indexed): LegacyIndex[] {
  return model.schema.indexes().map(([fields, options]) => ({
    collection: model.collection.collectionName,
    fields: Object.entries(fields)
      .map(([field, direction]) => `${field}:${direction}`)
      .join(','),
    unique: options.unique === true,
  }))
}
