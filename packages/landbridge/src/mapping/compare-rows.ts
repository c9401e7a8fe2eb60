import { pgValueEquals } from './pg-value.ts'
import type { EntityRows, Mapping } from './types.ts'

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
  for (const { name, columns, seq } of mapping.tables) {
    const [a, b] = [left.tables[name] ?? [], right.tables[name] ?? []]
    for (let index = 0; index < Math.max(a.length, b.length); index++) {
      const [x, y] = [a[index], b[index]]
      if (x === undefined || y === undefined) {
        found.push({ table: name, index })
        continue
      }
      for (const { name: column, sqlType } of columns) {
        // A rank, not a number: the place among the rows says it.
        if (column === seq) continue
        if (!pgValueEquals(sqlType, x[column] ?? null, y[column] ?? null))
          found.push({ table: name, index, column })
      }
    }
  }
  return found
}

/** Whether the rows of one entity are the same to Postgres. */
export function rowsEqual(mapping: Pick<Mapping, 'tables'>, left: EntityRows, right: EntityRows): boolean {
  return compareRows(mapping, left, right).length === 0
}
