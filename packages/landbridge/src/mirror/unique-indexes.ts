import type { ClientBase } from 'pg'
import { z } from 'zod'
import type { Mapping, TableShape } from '../mapping/types.ts'
import { tableName } from '../target/identifier.ts'

/** A unique index of a mapping's table beside its primary key, or an exclusion, as the catalogue tells it. */
export interface UniqueIndex {
  name: string
  table: TableShape
  /** SQL of each key, from the catalogue: a column in quotes or an expression. Never a value. */
  keys: string[]
  /** An exclusion's operator for each key, schema included; null for a unique index, whose keys are equal. */
  operators: string[] | null
  /** SQL of a partial index's condition. */
  condition: string | null
  nullsEqual: boolean
}

const rowSchema = z.object({
  name: z.string(),
  keys: z.array(z.string()),
  operators: z.array(z.string()).nullable(),
  condition: z.string().nullable(),
  nullsEqual: z.boolean(),
})

/** Reads the unique indexes and exclusions. Not cached: needed only when values clash, and migrations may change them. */
export async function readUniqueIndexes(client: ClientBase, mapping: Mapping): Promise<UniqueIndex[]> {
  const indexes: UniqueIndex[] = []
  for (const table of mapping.tables) {
    const { rows } = await client.query(
      `select class.relname as name,
         array(select pg_get_indexdef(index.indexrelid, k, true) from generate_series(1, index.indnkeyatts) k) as keys,
         case when index.indisexclusion then array(
           select format('operator(%I.%s)', space.nspname, operator.oprname)
           from pg_constraint excluding, unnest(excluding.conexclop) with ordinality as used (oid, place)
           join pg_operator operator on operator.oid = used.oid
           join pg_namespace space on space.oid = operator.oprnamespace
           where excluding.conindid = index.indexrelid order by used.place) end as operators,
         pg_get_expr(index.indpred, index.indrelid, true) as condition,
         index.indnullsnotdistinct as "nullsEqual"
       from pg_index index join pg_class class on class.oid = index.indexrelid
       where index.indrelid = $1::regclass and (index.indisunique or index.indisexclusion) and index.indislive and not index.indisprimary
       order by class.relname`,
      [tableName(table)],
    )
    for (const row of rows) indexes.push({ ...rowSchema.parse(row), table })
  }
  return indexes
}
