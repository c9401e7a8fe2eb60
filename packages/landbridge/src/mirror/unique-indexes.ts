import type { ClientBase } from 'pg'
import { z } from 'zod'
import type { Mapping, TableShape } from '../mapping/types.ts'
import { tableName } from '../target/identifier.ts'

/** A unique index of a mapping's table beside its primary key, as the catalogue tells it. */
export interface UniqueIndex {
  name: string
  table: TableShape
  /** SQL of each key, from the catalogue: a column in quotes or an expression. Never a value. */
  keys: string[]
  /** SQL of a partial index's condition. */
  condition: string | null
  nullsEqual: boolean
}

const rowSchema = z.object({
  name: z.string(),
  keys: z.array(z.string()),
  condition: z.string().nullable(),
  nullsEqual: z.boolean(),
})

/** Reads the unique indexes. Not cached: needed only when values clash, and migrations may change them. */
export async function readUniqueIndexes(client: ClientBase, mapping: Mapping): Promise<UniqueIndex[]> {
  const indexes: UniqueIndex[] = []
  for (const table of mapping.tables) {
    const { rows } = await client.query(
      `select class.relname as name,
         array(select pg_get_indexdef(index.indexrelid, k, true) from generate_series(1, index.indnkeyatts) k) as keys,
         pg_get_expr(index.indpred, index.indrelid, true) as condition,
         index.indnullsnotdistinct as "nullsEqual"
       from pg_index index join pg_class class on class.oid = index.indexrelid
       where index.indrelid = $1::regclass and index.indisunique and index.indislive and not index.indisprimary
       order by class.relname`,
      [tableName(table)],
    )
    for (const row of rows) indexes.push({ ...rowSchema.parse(row), table })
  }
  return indexes
}
