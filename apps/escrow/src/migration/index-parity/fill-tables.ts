import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { EntityId } from '../../platform/ids.ts'

interface Column {
  table: string
  name: string
  /** The place of the column in its table, from 1. */
  place: number
  type: string
  /** The words that a CHECK allows, the usual one first; null where any text will do. */
  words: string[] | null
  required: boolean
  /** By a unique index of this column alone. */
  unique: boolean
}

/**
 * Fills every table of a throwaway database with `rows` rows that look plausible to the planner: keys spread over many
 * rows, words of a state in very unequal shares, times over two years. References lead nowhere and what only checks
 * and triggers know is broken: the database serves to look at plans.
 */
export async function fillTables(pool: pg.Pool, rows: number): Promise<void> {
  const columns = await readColumns(pool)
  const client = await pool.connect()
  try {
    await client.query('set session_replication_role = replica')
    await client.query('set synchronous_commit = off')
    await dropChecks(client)
    for (const [table, all] of Map.groupBy(columns, ({ table }) => table)) {
      const names = all.map(({ name }) => `"${name}"`).join(', ')
      const values = all.map((column) => filledWith(column, rows)).join(', ')
      await client.query(
        `insert into ${table} (${names}) select ${values} from generate_series(1, ${rows}) n on conflict do nothing`,
      )
    }
    await client.query('analyze')
  } finally {
    client.release(true)
  }
}

/** One of the keys that a column of this name was filled with: about ten rows have each, but 0 has many. */
export function filledKey(column: string, n = 7): EntityId {
  const hex = createHash('md5').update(`${column}${n}`).digest('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') as EntityId
}

/** A row has the usual word nineteen times of twenty; the others share the rest. */
const usual = 20

function filledWith(column: Column, rows: number): string {
  if (column.name === 'legacy_object_id') return `lpad(to_hex(n), 24, '0')`
  if (column.name === 'extra') return 'null'
  if (column.type.endsWith('[]')) return `'{}'`
  if (column.words !== null) return wordOf(column.words)
  if (column.name.endsWith('_ref_kind')) return `'entity'`
  if (column.name.endsWith('_ref_form')) return `'objectId'`
  if (column.name.endsWith('_external_ref')) return 'null'
  if (column.type === 'uuid') {
    // Ten rows share a key, and one key in fifty rows is that of somebody busy; another modulus for each column, so
    // that pairs of keys are rarely shared.
    const shared = `case when n % 50 = 0 then 0 else 1 + n % ${Math.ceil(rows / 10) + column.place} end`
    const key = column.unique || column.name === 'id' ? 'n' : `(${shared})`
    return `md5('${column.name}' || ${key})::uuid`
  }
  if (column.type === 'boolean') return `n % ${usual} <> 0`
  if (column.type.startsWith('timestamp')) {
    const time = `timestamptz '2024-01-01' + n * interval '7 minutes'`
    return column.required || column.name === 'created_at'
      ? time
      : `case when n % ${usual} <> 0 then ${time} end`
  }
  if (column.type === 'jsonb') return `'{}'`
  if (/^(integer|bigint|numeric)/.test(column.type)) return 'n'
  return `'${column.name} ' || n`
}

function wordOf([first, ...others]: string[]): string {
  if (first === undefined || others.length === 0) return `'${first ?? ''}'`
  const list = others.map((word) => `'${word}'`).join(', ')
  return `case when n % ${usual} <> 0 then '${first}' else (array[${list}])[1 + n / ${usual} % ${others.length}] end`
}

async function dropChecks(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ drop: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop
     from pg_constraint where contype = 'c' and connamespace = 'public'::regnamespace and conrelid <> 0`,
  )
  for (const row of rows) await client.query(row.drop)
}

async function readColumns(pool: pg.Pool): Promise<Column[]> {
  const { rows } = await pool.query<Column>(
    `select a.attrelid::regclass::text as table, a.attname as name, a.attnum as place, format_type(a.atttypid, a.atttypmod) as type,
       a.attnotnull as required,
       exists (select from pg_index i where i.indrelid = a.attrelid and i.indisunique
         and i.indnatts = 1 and i.indkey[0] = a.attnum) as unique,
       (select array_agg(word[1]) from pg_constraint c,
          regexp_matches(pg_get_constraintdef(c.oid), '''([^'']+)''::text', 'g') word
        where c.conrelid = a.attrelid and c.contype = 'c' and c.conkey = array[a.attnum]) as words
     from pg_attribute a join pg_class t on t.oid = a.attrelid
     where t.relnamespace = 'public'::regnamespace and t.relkind = 'r' and a.attnum > 0 and not a.attisdropped
       and a.attgenerated = '' and a.attidentity = ''
     order by a.attrelid::regclass::text, a.attnum`,
  )
  return rows
}
