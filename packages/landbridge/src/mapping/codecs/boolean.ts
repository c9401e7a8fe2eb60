import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import type { PgValue } from '../types.ts'
import { type Codec, type FieldOptions, refuseType } from './codec.ts'

/** true and false; nothing that only looks like them ('true', 1) is taken for one. */
export function boolean(column: AnyPgColumn, options: FieldOptions = {}): Codec {
  return {
    kind: 'boolean',
    columns: [column],
    refused: options.refused,
    empty: options.empty,
    raw: { kind: 'boolean' },
    encode: (value, type) =>
      type === 'bool' ? { cells: [value as boolean], exact: true } : refuseType('a boolean', type),
    decode: ([cell]: PgValue[]) => cell,
  }
}
