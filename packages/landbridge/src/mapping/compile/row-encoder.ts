import type { CompiledTable } from '../compiled-table.ts'
import type { Row } from '../types.ts'
import { cellWriter } from './cell-writer.ts'
import type { CopyBuffer } from './copy-buffer.ts'

/** Writes mapped rows, of every kind, into the payloads of their tables. */
export function compileTableRows(
  tables: readonly CompiledTable[],
  buffers: ReadonlyMap<string, CopyBuffer>,
): (rows: Record<string, Row[]>) => void {
  const writers = tables.map((table) => ({
    name: table.shape.name,
    out: buffers.get(table.shape.name) as CopyBuffer,
    columns: table.shape.columns.map(({ name, sqlType }) => ({ name, write: cellWriter(sqlType) })),
  }))
  return (rows) => {
    for (const { name, out, columns } of writers) {
      for (const row of rows[name] ?? []) {
        out.startRow(columns.length)
        for (const column of columns) column.write(out, row[column.name] ?? null)
      }
    }
  }
}
