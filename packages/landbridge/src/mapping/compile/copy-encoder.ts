import { compiledTableOf } from '../define-mapping.ts'
import type { EntityRows, Mapping } from '../types.ts'
import { CopyBuffer } from './copy-buffer.ts'
import { compileRowEncoder } from './row-encoder.ts'

export interface CopyPayload {
  table: string
  schema?: string
  /** SQL names, in the order of the payload. */
  columns: string[]
  /** COPY BINARY with header and trailer. */
  payload: Buffer
  rows: number
}

export interface CopyEncoder {
  /**
   * Walks a raw document straight into the payloads. `unusual` if it needs anything in `extra`, is refused, or is not
   * sound: nothing of it is in the payloads then, and it takes the way over `mapDocument` and `encodeRows`.
   */
  encode(raw: Uint8Array): 'encoded' | 'unusual'
  /** Adds rows that `mapDocument` made. */
  encodeRows(rows: EntityRows): void
  /** The payloads of all tables, parents first, also those without rows. The encoder is empty afterwards. */
  finish(): CopyPayload[]
  /** Forgets everything that was encoded. */
  reset(): void
}

/** The encoder of a mapping's chunks. One encoder serves one chunk at a time. */
export function compileCopyEncoder(mapping: Mapping): CopyEncoder {
  const buffers = new Map(mapping.tables.map(({ name }) => [name, new CopyBuffer()]))
  const all = [...buffers.values()]
  const encodeRows = compileRowEncoder(mapping, buffers)
  compiledTableOf(mapping)
  return {
    encode: () => 'unusual',
    encodeRows(rows) {
      for (const buffer of all) buffer.mark()
      try {
        encodeRows(rows)
      } catch (error) {
        for (const buffer of all) buffer.rollBack()
        throw error
      }
    },
    finish: () =>
      mapping.tables.map(({ name, schema, columns }) => ({
        table: name,
        schema,
        columns: columns.map((column) => column.name),
        ...(buffers.get(name) as CopyBuffer).finish(),
      })),
    reset() {
      for (const buffer of all) buffer.reset()
    },
  }
}
