import { compiledTableOf } from '../define-mapping.ts'
import type { EntityRows, Mapping } from '../types.ts'
import { CopyBuffer } from './copy-buffer.ts'
import { compileRawDocument } from './raw-document.ts'
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
  const walk = compileRawDocument(compiledTableOf(mapping), mapping.identity, buffers)
  /** Writes all of it or nothing. */
  const whole = (write: () => boolean): boolean => {
    for (const buffer of all) buffer.mark()
    let isWhole = false
    try {
      isWhole = write()
    } finally {
      if (!isWhole) for (const buffer of all) buffer.rollBack()
    }
    return isWhole
  }
  return {
    encode(raw) {
      if (walk === undefined) return 'unusual'
      const src = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
      return whole(() => walk(src)) ? 'encoded' : 'unusual'
    },
    encodeRows(rows) {
      whole(() => {
        encodeRows(rows)
        return true
      })
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
