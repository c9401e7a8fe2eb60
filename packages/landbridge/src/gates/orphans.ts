import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'
import type { ReferenceShape } from '../mapping/types.ts'
import { identifier, tableName } from '../target/identifier.ts'

export interface OrphanCount {
  collection: string
  path: string
  table: string
  column: string
  to: string
  policy: ReferenceShape['orphan']
  rows: number
}

/**
 * Counts, for each reference whose target the mapping names, the rows that point to nothing. References into a unit
 * whose data is not in Postgres yet are not judged: everything would dangle.
 */
export async function countOrphans(engine: Engine, unit: UnitConfig): Promise<OrphanCount[]> {
  const copied = await tablesWithData(engine)
  const counts: OrphanCount[] = []
  for (const mapping of unit.mappings) {
    for (const reference of mapping.references) {
      const table = mapping.tables.find((each) => each.name === reference.table)
      if (table === undefined || reference.to === undefined || !copied.has(reference.to)) continue
      const target = tableName({ name: reference.to, schema: reference.toSchema })
      const { rows } = await engine.pool.query(
        `select count(*)::int as n from ${tableName(table)} f where f.${identifier(reference.column)} is not null
           and not exists (select from ${target} t where t.id = f.${identifier(reference.column)})`,
      )
      counts.push({
        collection: mapping.collection,
        path: reference.path,
        table: reference.table,
        column: reference.column,
        to: reference.to,
        policy: reference.orphan,
        rows: Number(rows[0]?.n),
      })
    }
  }
  return counts
}

/** Root tables of units that have left `mongo` and whose chunks are all done. */
async function tablesWithData(engine: Engine): Promise<Set<string>> {
  const { rows } = await engine.pool.query(
    `select t.table_name as name from landbridge.unit_table t join landbridge.unit u on u.name = t.unit
     where u.phase <> 'mongo' and not exists (
       select from landbridge.chunk c where c.collection = t.collection and c.status not in ('done', 'split'))`,
  )
  return new Set(rows.map((row) => row.name))
}
