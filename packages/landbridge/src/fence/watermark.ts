import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'

/**
 * Every write of the unit before this cluster time has been compared since it happened: the oldest of its
 * collections' newest finished verifications. Null where a collection has none.
 */
export async function readWatermark(engine: Engine, unit: UnitConfig): Promise<bigint | null> {
  const { rows } = await engine.pool.query(
    `select count(*)::int as found, min(watermark)::text as watermark from (
       select distinct on (collection) collection, watermark from landbridge.verify_run
       where unit = $1 and finished_at is not null and watermark is not null
       order by collection, started_at desc) newest`,
    [unit.name],
  )
  const row = rows[0]
  return row?.found === unit.mappings.length && row.watermark !== null ? BigInt(row.watermark) : null
}
