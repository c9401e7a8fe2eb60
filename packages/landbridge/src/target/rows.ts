import type { PoolClient } from 'pg'
import { toPgParameter } from '../mapping/pg-value.ts'
import type { ColumnShape, PgValue, Row, TableShape } from '../mapping/types.ts'
import { identifier, identifierList, tableName } from './identifier.ts'

/** The protocol counts parameters in 16 bits. */
const MAX_PARAMETERS = 60_000

/** The columns that appliers write: mapped ones and those that place a row within its entity. */
export function writtenColumns(table: TableShape): string[] {
  const placing = [entityColumn(table), ...table.ordinals, ...table.order]
  return [...new Set([...placing, ...table.columns.map((column) => column.name)])]
}

/** The column that holds the entity's id. */
export function entityColumn(table: TableShape): string {
  return table.parent?.column ?? 'id'
}

/** Rows for one table; those that exist by the key in `onConflict` are updated. */
export interface Insert {
  table: TableShape
  rows: readonly Row[]
  onConflict?: readonly string[]
}

/** As `insertTogether`, for one table. */
export async function insertRows(
  tx: PoolClient,
  table: TableShape,
  rows: readonly Row[],
  options: { onConflict?: readonly string[] } = {},
): Promise<void> {
  await insertTogether(tx, [{ table, rows, ...options }])
}

/**
 * Inserts into several tables, with as few statements as the protocol allows: an entity of eight tables costs one
 * round trip and not eight. No row may refer to another table's row through a trigger that looks at once: in one
 * statement the tables have no order, and foreign keys are checked at its end.
 */
export async function insertTogether(tx: PoolClient, inserts: readonly Insert[]): Promise<void> {
  let statement = { parts: [] as string[], values: [] as unknown[] }
  const send = async () => {
    if (statement.parts.length > 0) await tx.query(inOneStatement(statement.parts), statement.values)
    statement = { parts: [], values: [] }
  }
  for (const { table, rows, onConflict } of inserts) {
    const names = writtenColumns(table)
    const types = names.map(
      (name) => table.columns.find((column: ColumnShape) => column.name === name)?.sqlType ?? '',
    )
    const into = `insert into ${tableName(table)} (${identifierList(names)}) values `
    for (let from = 0; from < rows.length; ) {
      const room = Math.floor((MAX_PARAMETERS - statement.values.length) / names.length)
      if (room < 1) {
        await send()
        continue
      }
      const { values } = statement
      const tuples = rows.slice(from, from + room).map((row) => {
        const places = names.map(
          (name, i) => `$${values.push(toPgParameter(types[i] ?? '', row[name] ?? null))}`,
        )
        return `(${places.join(', ')})`
      })
      statement.parts.push(`${into}${tuples.join(', ')}${upsert(names, onConflict)}`)
      from += room
    }
  }
  await send()
}

/** Several changes as one statement, the last of them in its body. */
function inOneStatement(parts: readonly string[]): string {
  const before = parts.slice(0, -1).map((part, i) => `part_${i} as (${part})`)
  return `${before.length === 0 ? '' : `with ${before.join(', ')} `}${parts.at(-1)}`
}

function upsert(names: readonly string[], key: readonly string[] | undefined): string {
  if (key === undefined) return ''
  const rest = names.filter((name) => !key.includes(name))
  const set = rest.map((name) => `${identifier(name)} = excluded.${identifier(name)}`).join(', ')
  return ` on conflict (${identifierList(key)}) do ${rest.length === 0 ? 'nothing' : `update set ${set}`}`
}

/** Deletes the rows of these entities from all of these tables, in one statement. */
export async function deleteRowsOf(
  tx: PoolClient,
  tables: readonly TableShape[],
  ids: readonly string[],
): Promise<void> {
  if (tables.length === 0 || ids.length === 0) return
  const parts = tables.map(
    (table) => `delete from ${tableName(table)} where ${identifier(entityColumn(table))} = any($1::uuid[])`,
  )
  await tx.query(inOneStatement(parts), [ids])
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
