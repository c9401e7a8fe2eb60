import type { PoolClient } from 'pg'
import type { EntityRows, Mapping, PgValue, Row, TableShape } from '../mapping/types.ts'
import { columnTypes } from './column-types.ts'
import { identifier, identifierList, tableName } from './identifier.ts'
import { deleteRowsOf, entityColumn, insertTogether, replaceKeeping } from './rows.ts'

/**
 * Reads whole entities, children in ordinal order; an id without a root row is absent from the answer. Several
 * tables are read by several statements: that they show one state is the caller's duty (REPEATABLE READ, or the
 * entity's lock).
 */
export async function readEntities(
  tx: PoolClient,
  mapping: Pick<Mapping, 'tables'>,
  ids: readonly string[],
): Promise<Map<string, EntityRows>> {
  const entities = new Map<string, EntityRows>()
  if (ids.length === 0) return entities
  for (const table of mapping.tables) {
    const column = entityColumn(table)
    const result = await tx.query<Row>({
      text: `select ${identifierList(readColumns(table))} from ${tableName(table)}
        where ${identifier(column)} = any($1::uuid[])${orderBy(table)}`,
      values: [ids],
      types: columnTypes,
    })
    for (const row of result.rows) addRow(entities, mapping, table, row[column], row)
  }
  return entities
}

function addRow(
  entities: Map<string, EntityRows>,
  mapping: Pick<Mapping, 'tables'>,
  table: TableShape,
  id: PgValue | undefined,
  row: Row,
): void {
  const key = String(id)
  if (table.kind === 'root') {
    const tables: Record<string, Row[]> = {}
    for (const each of mapping.tables) tables[each.name] = []
    entities.set(key, { id: key, tables })
  }
  // A child without its root row belongs to no entity; the root tables are read first.
  entities.get(key)?.tables[table.name]?.push(row)
}

function readColumns(table: TableShape): string[] {
  return [...new Set([entityColumn(table), ...table.order, ...table.columns.map((column) => column.name)])]
}

function orderBy(table: TableShape): string {
  return table.order.length === 0 ? '' : ` order by ${identifierList(table.order)}`
}

/**
 * Replaces whole entities. Children are deleted by name, because cascades do not fire under replica role; the root
 * row is updated in place, so columns that MongoDB never holds keep their values.
 */
export async function writeEntities(
  tx: PoolClient,
  mapping: Pick<Mapping, 'table' | 'tables'>,
  entities: readonly EntityRows[],
): Promise<void> {
  if (entities.length === 0) return
  const ids = entities.map((entity) => entity.id)
  const rowsOf = (table: TableShape) => entities.flatMap((entity) => entity.tables[table.name] ?? [])
  const children = mapping.tables.filter((table) => table.kind !== 'root')
  const replaced = children.filter((table) => !isUpdatedInPlace(table))
  await deleteRowsOf(tx, replaced, ids)
  await insertTogether(tx, [
    { table: mapping.table, rows: rowsOf(mapping.table), onConflict: ['id'] },
    ...replaced.map((table) => ({ table, rows: rowsOf(table) })),
  ])
  for (const table of children.filter(isUpdatedInPlace)) {
    await replaceKeeping(tx, table, entityColumn(table), ids, rowsOf(table))
  }
}

/** Inserts entities that are known to be absent (after `deleteEntities`). */
export async function insertEntities(
  tx: PoolClient,
  mapping: Mapping,
  entities: readonly EntityRows[],
): Promise<void> {
  await insertTogether(
    tx,
    mapping.tables.map((table) => ({
      table,
      rows: entities.flatMap((entity) => entity.tables[table.name] ?? []),
    })),
  )
}

/** Deletes whole entities. */
export async function deleteEntities(
  tx: PoolClient,
  mapping: Mapping,
  ids: readonly string[],
): Promise<void> {
  await deleteRowsOf(tx, mapping.tables, ids)
}

export function childrenDeepestFirst(mapping: Pick<Mapping, 'tables'>): TableShape[] {
  return mapping.tables.filter((table) => table.kind !== 'root').reverse()
}

/**
 * Children that keep what MongoDB never holds. Those of a growing child are replaced: their unique order would clash
 * row by row; the caller puts back what is kept (`keepIgnoredColumns`).
 */
function isUpdatedInPlace(table: TableShape): boolean {
  return table.element === undefined && Object.keys(table.ignoredColumns).length > 0
}
