import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import { applyJsonForm, jsonForms } from '../json-forms.ts'
import { decodeJson, encodeJson, type JsonTypes, readTypes } from '../natural-json.ts'
import type { Json, PgValue } from '../types.ts'
import { type Codec, type FieldOptions, refuse } from './codec.ts'

export interface JsonOptions extends FieldOptions {
  /**
   * Places inside whose BSON type JSON cannot show, by path below the column's, `*` for any element or key:
   * `{ 'sweeps.*.at': 'date', resolvedBy: 'objectId' }`. Other dates and ids come back too, but each costs a form.
   */
  types?: JsonTypes
}

/**
 * A value as plain JSON in a jsonb column: dates as ISO text, ObjectIds as hex, numbers as numbers. With deeper paths
 * mapped to columns of their own it holds the rest of the document.
 */
export function json(column: AnyPgColumn, options: JsonOptions = {}): Codec {
  const types = readTypes(options.types ?? {})
  return {
    kind: 'json',
    columns: [column],
    refused: options.refused,
    empty: options.empty,
    raw: { kind: 'json', types },
    settings: (options.types ?? {}) as Json,
    encode(value) {
      const encoded = encodeJson(value)
      return 'refused' in encoded
        ? refuse(encoded.refused, encoded.reason)
        : { cells: [encoded.json], exact: true }
    },
    decode: ([cell]: PgValue[]) => decodeJson(cell as Json, types),
    leafForms: (value) => jsonForms(value, types),
    applyLeafForm: (decoded, [cell], form) => applyJsonForm(decoded, cell as Json, form),
  }
}
