import { type Engine, mappingOf, tableName } from 'landbridge'
import type { FilledCollections } from '../../../seed/legacy/fill.ts'

const batchSize = 5_000

/** How many of the legacy documents have their row in Postgres. */
export async function countMigrated(engine: Engine, filled: FilledCollections): Promise<number> {
  let found = 0
  for (const [collection, ids] of filled) {
    const mapping = mappingOf(engine, collection)
    if (mapping === undefined) continue
    for (let start = 0; start < ids.length; start += batchSize) {
      const { rows } = await engine.pool.query(
        `select count(*)::int as found from ${tableName(mapping.table)} where legacy_object_id = any($1)`,
        [ids.slice(start, start + batchSize)],
      )
      found += Number(rows[0].found)
    }
  }
  return found
}

/** Legacy documents of the units that cross. */
export function countLegacy(engine: Engine, filled: FilledCollections, units: readonly string[]): number {
  return [...filled]
    .filter(([collection]) => units.includes(mappingOf(engine, collection)?.unit ?? ''))
    .reduce((sum, [, ids]) => sum + ids.length, 0)
}
