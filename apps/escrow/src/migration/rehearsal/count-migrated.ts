import { type Engine, mappingOf, tableName } from 'landbridge'
import type { FilledDatabase } from '../../../seed/legacy/fill.ts'
import { legacyStreams } from '../../../seed/legacy/generate.ts'

const batchSize = 5_000

/** How many of the legacy documents have their row in Postgres; the documents are made again to know them. */
export async function countMigrated(engine: Engine, filled: FilledDatabase): Promise<number> {
  let found = 0
  for (const { collection, documents } of legacyStreams(filled.options)) {
    const mapping = mappingOf(engine, collection)
    if (mapping === undefined) continue
    for (const ids of batchesOf(documents())) {
      const { rows } = await engine.pool.query(
        `select count(*)::int as found from ${tableName(mapping.table)} where legacy_object_id = any($1)`,
        [ids],
      )
      found += Number(rows[0].found)
    }
  }
  return found
}

/** Legacy documents of the units that cross. */
export function countLegacy(engine: Engine, filled: FilledDatabase, units: readonly string[]): number {
  return [...filled.collections]
    .filter(([collection]) => units.includes(mappingOf(engine, collection)?.unit ?? ''))
    .reduce((sum, [, { documents }]) => sum + documents, 0)
}

function* batchesOf(stream: Iterable<{ document: { _id?: unknown } }>): Generator<string[]> {
  let ids: string[] = []
  for (const { document } of stream) {
    ids.push(String(document._id))
    if (ids.length < batchSize) continue
    yield ids
    ids = []
  }
  if (ids.length > 0) yield ids
}
