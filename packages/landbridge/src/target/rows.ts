import type { PoolClient } from 'pg'
import { toPgParameter } from '../mapping/pg-value.ts'
import type { ColumnShape, PgValue, Row, TableShape } from '../mapping/types.ts'
import { identifier, identifierList, tableName } from './identifier.ts'

/** The protocol counts parameters in 16 bits. */
const MAX_PARAMETERS = 60_000

/** The columns that appliers write: mapped ones and those that place a row within its entity. */
export function writtenColumns(table: TableShape): string[] {
  const placing = [entityKey(table), ...table.ordinals, ...table.order]
  return [...new Set([...placing, ...table.columns.map((column) => column.name)])]
}

function entityKey(table: TableShape): string {
  return table.parent?.column ?? 'id'
}

/** Inserts rows, or updates those that exist by the key in `onConflict`. */
export async function insertRows(
  tx: PoolClient,
  table: TableShape,
  rows: readonly Row[],
  options: { onConflict?: readonly string[] } = {},
): Promise<void> {
  const names = writtenColumns(table)
  const types = names.map(
    (name) => table.columns.find((column: ColumnShape) => column.name === name)?.sqlType ?? '',
  )
  const batch = Math.max(1, Math.floor(MAX_PARAMETERS / names.length))
  for (let from = 0; from < rows.length; from += batch) {
    const values: unknown[] = []
    const tuples = rows.slice(from, from + batch).map((row) => {
      const places = names.map(
        (name, i) => `$${values.push(toPgParameter(types[i] ?? '', row[name] ?? null))}`,
      )
      return `(${places.join(', ')})`
    })
    await tx.query(
      `insert into ${tableName(table)} (${identifierList(names)}) values ${tuples.join(', ')}${upsert(names, options.onConflict)}`,
      values,
    )
  }
}

function upsert(names: readonly string[], key: readonly string[] | undefined): string {
  if (key === undefined) return ''
  const rest = names.filter((name) => !key.includes(name))
  const set = rest.map((name) => `${identifier(name)} = excluded.${identifier(name)}`).join(', ')
  return ` on conflict (${identifierList(key)}) do ${rest.length === 0 ? 'nothing' : `update set ${set}`}`
}

/** Deletes the rows of these entities. */
export async function deleteRowsOf(
  tx: PoolClient,
  table: TableShape,
  column: string,
  ids: readonly string[],
): Promise<void> {
  await tx.query(`delete from ${tableName(table)} where ${identifier(column)} = any($1::uuid[])`, [ids])
}

/**
 * Replaces the children of these entities where the table has columns that MongoDB never holds: rows that stay are
 * updated by their place, so those columns keep their values, and only the rest is deleted.
 */
export async function replaceKeeping(
  tx: PoolClient,
  table: TableShape,
  column: string,
  ids: readonly string[],
  rows: readonly Row[],
): Promise<void> {
  const key = [column, ...table.ordinals]
  const places = rows.map((row) => key.map((name) => row[name] ?? null) as PgValue[])
  const keys = key
    .map((name, i) => `${identifier(name)} = (place ->> ${i})::${i === 0 ? 'uuid' : 'int'}`)
    .join(' and ')
  await tx.query(
    `delete from ${tableName(table)} where ${identifier(column)} = any($1::uuid[])
       and not exists (select from jsonb_array_elements($2::jsonb) as places (place) where ${keys})`,
    [ids, JSON.stringify(places)],
  )
  await insertRows(tx, table, rows, { onConflict: key })
}
