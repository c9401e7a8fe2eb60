import type { ColumnShape, TableShape } from '../types.ts'

/** The columns of a table as its payloads have them: `extra` comes last, when a row's every value is known. */
export function payloadColumns({ columns, extra }: TableShape): ColumnShape[] {
  return [...columns.filter(({ name }) => name !== extra), ...columns.filter(({ name }) => name === extra)]
}
