import type { PoolClient } from 'pg'
import type { Mapping, TableShape } from '../mapping/types.ts'
import { identifier, identifierList, tableName } from './identifier.ts'
import { entityColumn } from './rows.ts'

/** Which rows, by SQL that stands after WHERE and its parameters. */
export type RowFilter = (table: TableShape) => { where: string; values: unknown[] }

/** Puts back what `keepIgnoredColumns` has read, into rows that are there again. */
export type RestoreIgnoredColumns = () => Promise<void>

/**
 * Reads the columns that MongoDB never holds before their rows are deleted and copied anew: a chunk that is repeated
 * must not reset what only Postgres knows.
 */
export async function keepIgnoredColumns(
  tx: PoolClient,
  mapping: Pick<Mapping, 'tables'>,
  filter: RowFilter,
): Promise<RestoreIgnoredColumns> {
  const restores: RestoreIgnoredColumns[] = []
  for (const table of mapping.tables) {
    const columns = await writableIgnoredColumns(tx, table)
    if (columns.length === 0) continue
    const { where, values } = filter(table)
    const { rows } = await tx.query<{ kept: string | null }>(
      `select json_agg(kept)::text as kept
       from (select ${identifierList([...keyOf(table), ...columns])} from ${tableName(table)} where ${where}) kept`,
      values,
    )
    const kept = rows[0]?.kept
    if (kept != null) restores.push(() => restore(tx, table, columns, kept))
  }
  return async () => {
    for (const each of restores) await each()
  }
}

async function restore(tx: PoolClient, table: TableShape, columns: string[], kept: string): Promise<void> {
  const set = columns.map((column) => `${identifier(column)} = kept.${identifier(column)}`).join(', ')
  const same = keyOf(table)
    .map((column) => `target.${identifier(column)} = kept.${identifier(column)}`)
    .join(' and ')
  await tx.query(
    `update ${tableName(table)} target set ${set}
     from json_populate_recordset(null::${tableName(table)}, $1::json) kept where ${same}`,
    [kept],
  )
}

/** Without generated columns, which nobody can set. */
async function writableIgnoredColumns(tx: PoolClient, table: TableShape): Promise<string[]> {
  const ignored = Object.keys(table.ignoredColumns)
  if (ignored.length === 0) return []
  const { rows } = await tx.query<{ name: string }>(
    `select attname as name from pg_attribute
     where attrelid = $1::regclass and attname = any($2::text[])
       and attgenerated = '' and attidentity <> 'a' and not attisdropped`,
    [tableName(table), ignored],
  )
  return rows.map((row) => row.name)
}

function keyOf(table: TableShape): string[] {
  return [entityColumn(table), ...table.ordinals]
}
