import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'
import type { Mapping } from '../mapping/types.ts'
import { targetsOf } from '../mirror/mirror-target.ts'
import { quarantinedIds } from '../quarantine/quarantine.ts'
import { idFromBytes } from '../source/id-key.ts'
import { readDocuments } from '../source/read-documents.ts'
import { tableName } from '../target/identifier.ts'

/** Counting more than this would make the pause longer than it is worth; verify has counted outside of the fence. */
const countLimit = 200_000

export interface EntityCount {
  collection: string
  mongo: number
  postgres: number
}

/** What must be true of each collection while its fence is open: as many entities here as there. */
export async function compareCounts(engine: Engine, unit: UnitConfig): Promise<EntityCount[]> {
  const counts = await countEntities(engine, unit)
  return [...counts.values()].filter((count) => count.mongo !== count.postgres)
}

/** Entities of each collection in both stores, without those in quarantine; a very large collection is left out. */
export async function countEntities(engine: Engine, unit: UnitConfig): Promise<Map<string, EntityCount>> {
  const counts = await Promise.all(unit.mappings.map((mapping) => countBoth(engine, mapping)))
  return new Map(counts.filter((count) => count !== null).map((count) => [count.collection, count]))
}

async function countBoth(engine: Engine, mapping: Mapping): Promise<EntityCount | null> {
  const estimate = await engine.database.collection(mapping.collection).estimatedDocumentCount()
  if (estimate > countLimit) return null
  const [mongo, postgres, quarantined] = await Promise.all([
    engine.database.collection(mapping.collection).countDocuments({}, { readConcern: { level: 'majority' } }),
    engine.pool.query(`select count(*)::int as n from ${tableName(mapping.table)}`),
    countQuarantined(engine, mapping),
  ])
  return {
    collection: mapping.collection,
    mongo: mongo - quarantined.mongo,
    postgres: Number(postgres.rows[0]?.n) - quarantined.postgres,
  }
}

/** Quarantined entities that one of the stores holds: they are nobody's difference. */
async function countQuarantined(
  engine: Engine,
  mapping: Mapping,
): Promise<{ mongo: number; postgres: number }> {
  const rawIds = (await quarantinedIds(engine.pool, mapping.collection)).map(idFromBytes)
  if (rawIds.length === 0) return { mongo: 0, postgres: 0 }
  const targets = await targetsOf(engine, mapping, rawIds)
  const entities = targets.map((target) => target.entity).filter((entity) => entity !== undefined)
  const [documents, rows] = await Promise.all([
    readDocuments(engine, mapping.collection, rawIds),
    engine.pool.query(
      `select count(*)::int as n from ${tableName(mapping.table)} where id = any($1::uuid[])`,
      [entities],
    ),
  ])
  return { mongo: documents.size, postgres: Number(rows.rows[0]?.n) }
}
