import type { EntityRows, Mapping } from '../types.ts'
import { cellWriter } from './cell-writer.ts'
import type { CopyBuffer } from './copy-buffer.ts'

/** Writes mapped rows, of every kind, into the payloads of their tables. */
export function compileRowEncoder(
  mapping: Mapping,
  buffers: ReadonlyMap<string, CopyBuffer>,
): (rows: EntityRows) => void {
  const tables = mapping.tables.map(({ name, columns }) => ({
    name,
    out: buffers.get(name) as CopyBuffer,
    columns: columns.map((column) => ({ name: column.name, write: cellWriter(column.sqlType) })),
  }))
  return (rows) => {
    for (const { name, out, columns } of tables) {
      for (const row of rows.tables[name] ?? []) {
        out.startRow(columns.length)
        for (const column of columns) column.write(out, row[column.name] ?? null)
      }
    }
  }
}
