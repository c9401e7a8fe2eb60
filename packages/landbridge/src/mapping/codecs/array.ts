import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import { bsonTypeOf } from '../bson-value.ts'
import { MappingError } from '../mapping-error.ts'
import type { PgValue } from '../types.ts'
import { type Codec, type FieldOptions, refuse, refuseType } from './codec.ts'

// numeric[] is left out: node-postgres reads its elements as floats.
const ELEMENTS = /^(text|varchar(\(\d+\))?|smallint|integer|bigint|boolean|uuid)\[\]$/

/** A closed list of scalars in an array column; `element` is the codec of its base column. */
export function arrayOf(column: AnyPgColumn, element: Codec, options: FieldOptions = {}): Codec {
  const sqlType = column.getSQLType()
  if (!ELEMENTS.test(sqlType)) {
    throw new MappingError(
      'mapping-column-unsupported',
      `${column.name} is ${sqlType}; use a child table (values) for it`,
    )
  }
  return {
    kind: `array of ${element.kind}`,
    columns: [column],
    refused: options.refused,
    empty: options.empty,
    settings: element.settings,
    raw: { kind: 'array', element },
    encode(value, type) {
      if (type !== 'array') return refuseType('an array', type)
      const cells: PgValue[] = []
      let exact: boolean | undefined = true
      for (const [i, item] of (value as unknown[]).entries()) {
        const itemType = bsonTypeOf(item)
        if (itemType === 'null') {
          cells.push(null)
          continue
        }
        const encoded = element.encode(item, itemType)
        if ('refused' in encoded) return refuse(encoded.refused, `element ${i}: ${encoded.reason}`)
        cells.push(encoded.cells[0] ?? null)
        if (encoded.exact === false) exact = false
        else if (encoded.exact === undefined && exact) exact = undefined
      }
      return { cells: [cells], exact }
    },
    decode: ([cell]: PgValue[]) =>
      (cell as PgValue[]).map((item) => (item === null ? null : element.decode([item]))),
  }
}
