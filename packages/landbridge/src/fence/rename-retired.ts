import { MongoServerError } from 'mongodb'
import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'

/** The name under which a retired collection is kept. */
export function retiredName(collection: string): string {
  return `${collection}__retired`
}

/**
 * Renames the unit's collections; the fence's validator goes with them, so they stay read-only. Answers the new names
 * of those that were renamed now.
 */
export async function renameRetired(engine: Engine, unit: UnitConfig): Promise<string[]> {
  const renamed: string[] = []
  for (const { collection } of unit.mappings) {
    try {
      await engine.database.collection(collection).rename(retiredName(collection))
      renamed.push(retiredName(collection))
    } catch (error) {
      // Renamed by an earlier call that was interrupted, or never created.
      if (!(error instanceof MongoServerError && error.codeName === 'NamespaceNotFound')) throw error
    }
  }
  return renamed
}
