import type { Document } from 'mongodb'
import type { Engine } from '../engine.ts'
import type { Mapping } from '../mapping/types.ts'
import { tableName } from '../target/identifier.ts'
import type { Diagnosis } from './diagnose.ts'

/**
 * The basics of index parity: every MongoDB index whose first field is a column of the root table should have an
 * index in Postgres that begins with that column. Fields inside of arrays and kept values are not judged.
 */
export async function checkIndexes(engine: Engine): Promise<Diagnosis[]> {
  const checks: Diagnosis[] = []
  for (const mapping of engine.config.units.flatMap((unit) => unit.mappings)) {
    const indexes = await engine.database
      .collection(mapping.collection)
      .listIndexes()
      .toArray()
      .catch(() => [])
    const leading = await leadingColumns(engine, mapping)
    for (const index of indexes) {
      const column = columnOf(mapping, index)
      if (column === undefined || leading.has(column)) continue
      checks.push({
        check: `index of ${mapping.collection}`,
        level: 'warn',
        found: `${index.name} has no counterpart in Postgres`,
        remedy: `create index on ${mapping.table.name} (${column}, ...)`,
      })
    }
  }
  return checks
}

function columnOf(mapping: Mapping, index: Document): string | undefined {
  const first = Object.keys(index.key ?? {})[0]
  if (first === undefined || first === '_id') return undefined
  const property = first.replace(/\.(\w)/g, (_whole, letter: string) => letter.toUpperCase())
  const last = first.split('.').at(-1)
  const column = mapping.table.columns.find((each) => each.property === property || each.property === last)
  return column?.name
}

/** Columns with which an index of the root table begins; an index on an expression such as lower(email) counts. */
async function leadingColumns(engine: Engine, mapping: Mapping): Promise<Set<string>> {
  const { rows } = await engine.pool.query(
    `select pg_get_indexdef(i.indexrelid, 1, true) as first from pg_index i where i.indrelid = to_regclass($1)`,
    [tableName(mapping.table)],
  )
  const leading = new Set<string>()
  for (const row of rows) {
    for (const name of String(row.first).match(/[a-z_][a-z0-9_]*/g) ?? []) leading.add(name)
  }
  return leading
}
