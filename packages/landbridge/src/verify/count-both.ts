import type { Engine } from '../engine.ts'
import type { Mapping } from '../mapping/types.ts'
import { quarantinedIds } from '../quarantine/quarantine.ts'
import { tableName } from '../target/identifier.ts'

/** Exact counts; a quarantined document counts in no total. */
export interface StoreCounts {
  /** Documents without those in quarantine. */
  mongo: number
  postgres: number
  quarantined: number
  equal: boolean
}

/** Counts a collection in both stores, quarantine aside. Writes in flight may show as a difference of the moment. */
export async function countBoth(engine: Engine, mapping: Mapping): Promise<StoreCounts> {
  const documents = await engine.database
    .collection(mapping.collection)
    .countDocuments({}, { readConcern: { level: 'majority' }, readPreference: 'primary' })
  const { rows } = await engine.pool.query<{ n: string }>(
    `select count(*) as n from ${tableName(mapping.table)}`,
  )
  const quarantined = (await quarantinedIds(engine.pool, mapping.collection)).length
  const [mongo, postgres] = [documents - quarantined, Number(rows[0]?.n ?? 0)]
  return { mongo, postgres, quarantined, equal: mongo === postgres }
}
