import { Binary } from 'bson'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import { bytesOf } from '../bson-value.ts'
import type { PgValue } from '../types.ts'
import { type Codec, type FieldOptions, refuseType } from './codec.ts'

/** Bytes: Binary of the generic subtype to bytea; other subtypes come back as they were. */
export function binary(column: AnyPgColumn, options: FieldOptions = {}): Codec {
  return {
    kind: 'binary',
    columns: [column],
    refused: options.refused,
    empty: options.empty,
    raw: { kind: 'binary' },
    encode(value, type) {
      if (type !== 'binary') return refuseType('binary', type)
      const isGeneric = value instanceof Uint8Array || (value as Binary).sub_type === 0
      return { cells: [Buffer.from(bytesOf(value))], exact: isGeneric }
    },
    decode: ([cell]: PgValue[]) => new Binary(Buffer.from(cell as Uint8Array)),
  }
}
