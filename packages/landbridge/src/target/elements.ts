/*
 * Rows of single elements of a growing child. Every statement carries the entity's id: an element that moved to
 * another entity belongs to both for a moment, and only one of its rows is meant (G10).
 */
import type { PoolClient } from 'pg'
import type { GrowingChild } from '../mapping/partial-mapping.ts'
import type { EntityRows, Row, TableShape } from '../mapping/types.ts'
import { columnTypes } from './column-types.ts'
import { identifier, identifierList, tableName } from './identifier.ts'
import { entityColumn, insertRows } from './rows.ts'

/** Where an element stands: next to which others, the named ones aside. */
export interface ElementPlace {
  id: string
  /** The nearest element before it that is not named itself; null at the beginning. */
  before: string | null
  /** The nearest one behind it. */
  after: string | null
}

/** The named elements that exist, in order, each between its nearest neighbours that are not named. */
export async function readElementPlaces(
  tx: PoolClient,
  child: GrowingChild,
  entity: string,
  ids: readonly string[],
): Promise<ElementPlace[]> {
  const { table, parent, id, seq } = namesOf(child)
  const neighbour = (comparison: string, direction: string) =>
    `left join lateral (
       select ${id} as id from ${table} near
       where ${parent} = $1 and (near.${seq}, near.${id}) ${comparison} (named.${seq}, named.${id})
         and ${id} <> all($2::uuid[])
       order by ${seq} ${direction}, ${id} ${direction} limit 1
     )`
  const { rows } = await tx.query<ElementPlace>(
    `select named.${id} as id, before.id as before, after.id as after from ${table} named
     ${neighbour('<', 'desc')} before on true
     ${neighbour('>', 'asc')} after on true
     where ${parent} = $1 and named.${id} = any($2::uuid[]) order by named.${seq}, named.${id}`,
    [entity, ids],
  )
  return rows
}

/** How many elements stand before each of these, by id; absent for those that do not exist. */
export async function readElementRanks(
  tx: PoolClient,
  child: GrowingChild,
  entity: string,
  ids: readonly string[],
): Promise<Map<string, { rank: number; seq: string }>> {
  if (ids.length === 0) return new Map()
  const { table, parent, id, seq } = namesOf(child)
  const { rows } = await tx.query<{ id: string; seq: string; rank: number }>(
    `select named.${id} as id, named.${seq}::text as seq,
       (select count(*)::int from ${table} other
        where ${parent} = $1 and (other.${seq}, other.${id}) < (named.${seq}, named.${id})) as rank
     from ${table} named where ${parent} = $1 and named.${id} = any($2::uuid[])`,
    [entity, ids],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** How many elements there are, and the last of them. */
export async function readArrayEnd(
  tx: PoolClient,
  child: GrowingChild,
  entity: string,
): Promise<{ count: number; last: { id: string; seq: bigint } | undefined }> {
  const { table, parent, id, seq } = namesOf(child)
  const { rows } = await tx.query<{ id: string; seq: string; count: number }>(
    // Qualified: a bare name would mean the column of the answer, and text sorts otherwise.
    `select last.${id} as id, last.${seq}::text as seq,
       (select count(*)::int from ${table} where ${parent} = $1) as count
     from ${table} last where ${parent} = $1 order by last.${seq} desc, last.${id} desc limit 1`,
    [entity],
  )
  const [row] = rows
  return row === undefined
    ? { count: 0, last: undefined }
    : { count: row.count, last: { id: row.id, seq: BigInt(row.seq) } }
}

/** The rows of these elements, each with those inside of it, by id. */
export async function readElements(
  tx: PoolClient,
  child: GrowingChild,
  entity: string,
  ids: readonly string[],
): Promise<Map<string, EntityRows>> {
  const elements = new Map<string, EntityRows>()
  if (ids.length === 0) return elements
  for (const table of child.tables) {
    const column = elementColumn(table)
    const columns = [
      ...new Set([entityColumn(table), ...table.order, ...table.columns.map(({ name }) => name)]),
    ]
    const { rows } = await tx.query<Row>({
      text: `select ${identifierList(columns)} from ${tableName(table)}
        where ${identifier(entityColumn(table))} = $1 and ${identifier(column)} = any($2::uuid[])
        order by ${identifierList(table.order)}`,
      values: [entity, ids],
      types: columnTypes,
    })
    for (const row of rows) addRow(elements, child, table, entity, String(row[column]), row)
  }
  return elements
}

function addRow(
  elements: Map<string, EntityRows>,
  child: GrowingChild,
  table: TableShape,
  entity: string,
  id: string,
  row: Row,
): void {
  if (table === child.table) {
    const tables: Record<string, Row[]> = {}
    for (const { name } of child.tables) tables[name] = []
    elements.set(id, { id: entity, tables })
  }
  // Without its element's own row it belongs to none; that table is read first.
  elements.get(id)?.tables[table.name]?.push(row)
}

/** Writes elements: own rows are inserted or updated in place, those inside of them replaced. */
export async function writeElements(
  tx: PoolClient,
  child: GrowingChild,
  entity: string,
  elements: readonly { id: string; rows: EntityRows }[],
): Promise<void> {
  if (elements.length === 0) return
  const ids = elements.map((element) => element.id)
  const inside = child.tables.slice(1)
  for (const table of [...inside].reverse()) {
    await tx.query(
      `delete from ${tableName(table)}
       where ${identifier(entityColumn(table))} = $1 and ${identifier(elementColumn(table))} = any($2::uuid[])`,
      [entity, ids],
    )
  }
  const rowsOf = (table: TableShape) => elements.flatMap(({ rows }) => rows.tables[table.name] ?? [])
  await insertRows(tx, child.table, rowsOf(child.table), {
    onConflict: [child.table.parent.column, child.table.element.column],
  })
  for (const table of inside) await insertRows(tx, table, rowsOf(table))
}

function elementColumn(table: TableShape): string {
  return table.element?.column ?? 'id'
}

function namesOf({ table }: GrowingChild) {
  return {
    table: tableName(table),
    parent: identifier(table.parent.column),
    id: identifier(table.element.column),
    seq: identifier(table.seq),
  }
}
