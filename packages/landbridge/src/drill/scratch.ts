import type { Collection, Db, Document, IndexDescription } from 'mongodb'
import type { Engine } from '../engine.ts'

/** Collection in which the drill rebuilds another one's documents; the capture does not watch it. */
export function scratchName(collection: string): string {
  return `landbridge_drill_${collection}`
}

/** An empty scratch collection with the indexes of the real one, except that it deletes nothing by lifetime. */
export async function openScratch(engine: Engine, collection: string): Promise<Collection> {
  await dropScratch(engine.database, collection)
  const scratch = await engine.database.createCollection(scratchName(collection))
  const indexes = await engine.database.collection(collection).listIndexes().toArray()
  const wanted = indexes.filter((index) => index.name !== '_id_').map(dropTtl)
  if (wanted.length > 0) await scratch.createIndexes(wanted)
  return scratch
}

export async function dropScratch(database: Db, collection: string): Promise<void> {
  await database.dropCollection(scratchName(collection))
}

/** What `listIndexes` tells of an index, as `createIndexes` takes it, without a lifetime. */
function dropTtl(index: Document): IndexDescription {
  const { v: _version, ns: _namespace, expireAfterSeconds: _lifetime, ...description } = index
  return description as IndexDescription
}
