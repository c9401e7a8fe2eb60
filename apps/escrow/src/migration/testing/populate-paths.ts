import { globSync } from 'node:fs'
import type { Connection, Model, Schema } from 'mongoose'

export interface PopulatePath {
  /** Such as `PurchaseRequest.buyerId`. */
  name: string
  collection: string
  path: string
  /** The model that `populate` asks. */
  ref: string
}

const domains = new URL('../../domains/', import.meta.url)

/** Every path of the legacy models that `populate` follows, also in sub-documents and arrays, in alphabetical order. */
export async function populatePaths(connection: Connection): Promise<PopulatePath[]> {
  const found: PopulatePath[] = []
  for (const model of await legacyModels(connection)) {
    for (const [path, ref] of refsOf(model.schema)) {
      found.push({
        name: `${model.modelName}.${path}`,
        collection: model.collection.collectionName,
        path,
        ref,
      })
    }
  }
  return found.sort((left, right) => (left.name < right.name ? -1 : 1))
}

/** By the names of the files, so that a model which comes later is not forgotten. */
async function legacyModels(connection: Connection): Promise<Model<unknown>[]> {
  const models = new Map<string, Model<unknown>>()
  for (const file of globSync('**/legacy/*.mongo.ts', { cwd: domains })) {
    const exports: Record<string, unknown> = await import(new URL(file, domains).href)
    for (const [name, make] of Object.entries(exports)) {
      if (!name.endsWith('Model') || typeof make !== 'function') continue
      const model: Model<unknown> = make(connection)
      models.set(model.modelName, model)
    }
  }
  return [...models.values()]
}

/** What the types of Mongoose say nothing of: elements of arrays, and schemas of sub-documents. */
interface PathType {
  options?: { ref?: unknown }
  schema?: Schema
  embeddedSchemaType?: PathType
}

function refsOf(schema: Schema, prefix = ''): [path: string, ref: string][] {
  const refs: [string, string][] = []
  schema.eachPath((path, type) => {
    const { options, schema: inner, embeddedSchemaType: element } = type as unknown as PathType
    const ref = options?.ref ?? element?.options?.ref
    if (typeof ref === 'string') refs.push([`${prefix}${path}`, ref])
    const below = inner ?? element?.schema
    if (below !== undefined) refs.push(...refsOf(below, `${prefix}${path}.`))
  })
  return refs
}
