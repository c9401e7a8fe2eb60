import type { CompiledTable } from '../compiled-table.ts'
import { compiledMappingOf } from '../define-mapping.ts'
import type { EntityRows, Mapping } from '../types.ts'
import { CopyBuffer } from './copy-buffer.ts'
import { compileRawDocument } from './raw-document.ts'
import { compileTableRows } from './row-encoder.ts'

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
   * Walks a raw document straight into the payloads. `unusual` if it is refused or not sound, or of the rarest shapes:
   * nothing of it is in the payloads then, and it takes the way over `mapDocument` and `encodeRows`. `entity` is its
   * uuid, which mappings of identity 'id-map' need.
   */
  encode(raw: Uint8Array, entity?: string): 'encoded' | 'unusual'
  /** Adds rows that `mapDocument` made. */
  encodeRows(rows: EntityRows): void
  /** The payloads of all tables, parents first, also those without rows. The encoder is empty afterwards. */
  finish(): CopyPayload[]
  /** The same, good only until the encoder is used again: for whoever is done with one chunk before the next. */
  lend(): CopyPayload[]
  /** Forgets everything that was encoded. */
  reset(): void
}

/** The encoder of a mapping's chunks. One encoder serves one chunk at a time. */
export function compileCopyEncoder(mapping: Mapping): CopyEncoder {
  const buffers = new Map(mapping.tables.map(({ name }) => [name, new CopyBuffer()]))
  const all = [...buffers.values()]
  const compiled = compiledMappingOf(mapping)
  const encodeRows = compileTableRows(tablesOf(compiled.root), buffers)
  const walk = compileRawDocument(compiled, mapping.identity, buffers)
  const payloads = (close: (buffer: CopyBuffer) => { payload: Buffer; rows: number }): CopyPayload[] =>
    mapping.tables.map(({ name, schema, columns }) => ({
      table: name,
      schema,
      columns: columns.map((column) => column.name),
      ...close(buffers.get(name) as CopyBuffer),
    }))
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
    encode(raw, entity) {
      const src = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
      return whole(() => walk(src, entity)) ? 'encoded' : 'unusual'
    },
    encodeRows(rows) {
      whole(() => {
        encodeRows(rows.tables)
        return true
      })
    },
    finish: () => payloads((buffer) => buffer.finish()),
    lend: () => payloads((buffer) => buffer.lend()),
    reset() {
      for (const buffer of all) buffer.reset()
    },
  }
}

function tablesOf(table: CompiledTable): CompiledTable[] {
  return [table, ...table.children.flatMap((child) => tablesOf(child.table))]
}
