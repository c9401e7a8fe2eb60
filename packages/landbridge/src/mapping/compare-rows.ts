import { isAtOrUnder } from './path.ts'
import { pgValueEquals } from './pg-value.ts'
import type { EntityRows, Mapping, PgValue, RestShape, Row, TableShape } from './types.ts'

export interface RowDifference {
  table: string
  /** Place among the entity's rows of that table. */
  index: number
  /** SQL column; undefined where the row itself is missing on one side. */
  column?: string
}

/** Where the rows of one entity differ, as Postgres sees values ("1.50" is 1.5 in a numeric column). */
export function compareRows(
  mapping: Pick<Mapping, 'tables'>,
  left: EntityRows,
  right: EntityRows,
): RowDifference[] {
  const found: RowDifference[] = []
  for (const table of mapping.tables) {
    const { name, columns, seq, rests } = table
    const [a, b] = [inOrder(table, left.tables[name] ?? []), inOrder(table, right.tables[name] ?? [])]
    for (let index = 0; index < Math.max(a.length, b.length); index++) {
      const [x, y] = [a[index], b[index]]
      if (x === undefined || y === undefined) {
        found.push({ table: name, index })
        continue
      }
      for (const { name: column, sqlType } of columns) {
        // A rank, not a number: the place among the rows says it.
        if (column === seq) continue
        if (pgValueEquals(sqlType, x[column] ?? null, y[column] ?? null)) continue
        const rest = rests?.find((each) => each.column === column)
        if (rest === undefined || !saysNothing(table, rest, x, y)) found.push({ table: name, index, column })
      }
    }
  }
  return found
}

/** Whether the rows of one entity are the same to Postgres. */
export function rowsEqual(mapping: Pick<Mapping, 'tables'>, left: EntityRows, right: EntityRows): boolean {
  return compareRows(mapping, left, right).length === 0
}

/**
 * Rows inside of a growing child come in the order of its elements from a document, and in that of their ids from
 * Postgres; what counts is their order within one element.
 */
function inOrder({ element, seq, ordinals }: TableShape, rows: Row[]): Row[] {
  if (element === undefined || seq !== undefined || rows.length < 2) return rows
  return rows.toSorted((left, right) => {
    for (const name of ordinals) {
      const [a, b] = [left[name] ?? null, right[name] ?? null]
      if (a === b) continue
      return typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1
    }
    return 0
  })
}

/**
 * A rest of no members says nothing where members beside it show its container: `{}` and null stand for one document
 * then, and which of the two the application wrote stays as it is.
 */
function saysNothing(table: TableShape, rest: RestShape, left: Row, right: Row): boolean {
  return [left, right].every((row) => isEmptyRest(row[rest.column]) && isShown(table, rest, row))
}

function isEmptyRest(value: PgValue | undefined): boolean {
  if (value === null || value === undefined) return true
  return typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0
}

function isShown({ extra }: TableShape, rest: RestShape, row: Row): boolean {
  if (rest.beside.some((column) => (row[column] ?? null) !== null)) return true
  const kept = extra === undefined ? null : (row[extra] ?? null)
  return kept !== null && Object.keys(kept).some((path) => path !== rest.path && isAtOrUnder(path, rest.path))
}
