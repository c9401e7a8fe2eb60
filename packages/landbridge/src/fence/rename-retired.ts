import { MongoServerError } from 'mongodb'
import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'
import { closeCollections, ensureCollections, readCollections } from './validator.ts'

/** A collMod on a collection that nobody reads any more may wait a little. */
const closeMs = 5_000

/** The name under which a retired collection is kept. */
export function retiredName(collection: string): string {
  return `${collection}__retired`
}

/**
 * Renames the unit's collections; the fence's validator goes with them, so they stay read-only. An empty, closed
 * collection takes the old name: else the first write of a forgotten script would create it anew, and be lost. Answers
 * the new names of those that were renamed now.
 */
export async function renameRetired(engine: Engine, unit: UnitConfig): Promise<string[]> {
  const renamed: string[] = []
  for (const { collection } of unit.mappings) {
    if (await renameOnce(engine, collection)) renamed.push(retiredName(collection))
  }
  await ensureCollections(engine, unit)
  const open = (await readCollections(engine, unit)).filter((collection) => !collection.closed)
  await closeCollections(engine, unit, open, closeMs)
  return renamed
}

/** False where an earlier call that was interrupted has renamed it, or it never existed. */
async function renameOnce(engine: Engine, collection: string): Promise<boolean> {
  try {
    await engine.database.collection(collection).rename(retiredName(collection))
    return true
  } catch (error) {
    const done =
      error instanceof MongoServerError &&
      ['NamespaceNotFound', 'NamespaceExists'].includes(error.codeName ?? '')
    if (!done) throw error
    return false
  }
}
