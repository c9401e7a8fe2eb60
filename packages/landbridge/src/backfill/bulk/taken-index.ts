import type { ClientBase, Pool } from 'pg'
import { z } from 'zod'

const takenSchema = z.object({
  id: z.string(),
  collection: z.string(),
  /** As SQL names it. */
  table: z.string(),
  name: z.string(),
  /** Postgres' own text of the index. */
  definition: z.string(),
  /** How the constraint is added again on its index; null for a plain index. */
  constraint: z.string().nullable(),
  /** What is equal in duplicates: SQL of the keys, and of a partial index's condition. */
  keys: z.array(z.string()),
  condition: z.string().nullable(),
  nullsEqual: z.boolean(),
  /** The index is there again, its constraint not yet. */
  isBuilt: z.boolean(),
})

/** An index that was taken away while an empty table is filled. */
export type TakenIndex = z.infer<typeof takenSchema>

/** What is to be built again, of one collection or of all. */
export async function readTakenIndexes(
  client: Pool | ClientBase,
  of: { unit?: string; collection?: string } = {},
): Promise<TakenIndex[]> {
  const { rows } = await client.query(
    `select id, collection, table_name as "table", name, definition, "constraint", is_built as "isBuilt",
       keys, condition, nulls_equal as "nullsEqual"
     from landbridge.taken_index
     where ($1::text is null or unit = $1) and ($2::text is null or collection = $2) order by id`,
    [of.unit ?? null, of.collection ?? null],
  )
  return rows.map((row) => takenSchema.parse(row))
}

/** Writes down the indexes of a table that can be taken away and built again exactly as they are. */
export async function noteTakenIndexes(
  tx: ClientBase,
  taken: { unit: string; collection: string; table: string; unique: boolean },
): Promise<{ drop: string }[]> {
  const { rows } = await tx.query<{ drop: string }>(
    `with found as (
       select class.relname as name, index.indisunique as is_unique, pg_get_indexdef(class.oid) as definition,
         array(select pg_get_indexdef(class.oid, k, true) from generate_series(1, index.indnkeyatts) k) as keys,
         pg_get_expr(index.indpred, index.indrelid, true) as condition, index.indnullsnotdistinct as nulls_equal,
         found.oid as constraint_oid, found.conname, found.condeferrable, found.condeferred,
         format('%I.%I', space.nspname, class.relname) as index_name
       from pg_index index
         join pg_class class on class.oid = index.indexrelid
         join pg_namespace space on space.oid = class.relnamespace
         left join pg_constraint found on found.conindid = class.oid and found.conrelid = index.indrelid
           and found.contype = 'u'
       where index.indrelid = $3::text::regclass and class.relkind = 'i'
         and index.indisvalid and not index.indisprimary and not index.indisexclusion
         -- What more hangs on an index than its definition would be lost: such indexes stay.
         and not index.indisreplident and not index.indisclustered
         and not exists (select from pg_constraint other where other.conindid = class.oid and other.contype = 'f')
         and obj_description(class.oid, 'pg_class') is null
         and (found.oid is null or obj_description(found.oid, 'pg_constraint') is null)
         and not exists (select from pg_attribute a where a.attrelid = class.oid and a.attstattarget >= 0)
         and ($4 or not index.indisunique)
     ), noted as (
       insert into landbridge.taken_index (unit, collection, table_name, name, definition, "constraint", is_unique,
         keys, condition, nulls_equal)
       select $1, $2, $3::text, name, definition,
         case when constraint_oid is not null then format('add constraint %I unique using index %I%s', conname, name,
           case when condeferred then ' deferrable initially deferred' when condeferrable then ' deferrable' else '' end)
         end, is_unique, keys, condition, nulls_equal
       from found order by name)
     select case when constraint_oid is null then format('drop index %s', index_name)
       else format('alter table %s drop constraint %I', $3::text, conname) end as drop
     from found order by name`,
    [taken.unit, taken.collection, taken.table, taken.unique],
  )
  return rows
}

/** Belongs into the transaction that built the index, or added its constraint. */
export async function noteBuilt(tx: ClientBase, index: TakenIndex, isWhole: boolean): Promise<void> {
  if (isWhole) await tx.query('delete from landbridge.taken_index where id = $1', [index.id])
  else await tx.query('update landbridge.taken_index set is_built = true where id = $1', [index.id])
}
