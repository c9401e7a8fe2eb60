import type { Mapping } from '../types.ts'
import type { CopyPayload } from './copy-encoder.ts'

const HEADER_BYTES = 19

/** The cells of a payload, for tests: hex of the bytes, or parsed JSON, by column. */
export function readPayload(
  mapping: Mapping,
  { table, columns, payload }: CopyPayload,
): Record<string, unknown>[] {
  const shape = mapping.tables.find(({ name }) => name === table)
  const rows: Record<string, unknown>[] = []
  let at = HEADER_BYTES
  for (let count = payload.readInt16BE(at); count >= 0; count = payload.readInt16BE(at)) {
    at += 2
    const row: Record<string, unknown> = {}
    for (const column of columns.slice(0, count)) {
      const length = payload.readInt32BE(at)
      at += 4
      const bytes = payload.subarray(at, at + Math.max(0, length))
      at += bytes.length
      const isJson = shape?.columns.find(({ name }) => name === column)?.sqlType === 'jsonb'
      row[column] = length < 0 ? null : isJson ? JSON.parse(bytes.toString('utf8', 1)) : bytes.toString('hex')
    }
    rows.push(row)
  }
  return rows
}
