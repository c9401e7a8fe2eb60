import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import { arrayOf } from './codecs/array.ts'
import { binary } from './codecs/binary.ts'
import { boolean } from './codecs/boolean.ts'
import type { Codec } from './codecs/codec.ts'
import { integer } from './codecs/integer.ts'
import { json } from './codecs/json.ts'
import { money } from './codecs/money.ts'
import { objectId } from './codecs/object-id.ts'
import { text } from './codecs/text.ts'
import { timestamp } from './codecs/timestamp.ts'
import { MappingError } from './mapping-error.ts'

/** The codec that a column's type alone tells. */
export function inferCodec(column: AnyPgColumn): Codec {
  const sqlType = column.getSQLType()
  if (sqlType.endsWith('[]')) return array(column)
  if (column.enumValues !== undefined || /^(text|varchar|char)\b/.test(sqlType)) return text(column)
  if (sqlType === 'uuid') return objectId(column)
  if (sqlType.startsWith('numeric')) return money(column)
  if (sqlType === 'smallint' || sqlType === 'integer' || sqlType === 'bigint') return integer(column)
  if (sqlType === 'boolean') return boolean(column)
  if (sqlType.startsWith('timestamp') && sqlType.endsWith('with time zone')) return timestamp(column)
  if (sqlType === 'jsonb') return json(column)
  if (sqlType === 'bytea') return binary(column)
  throw new MappingError(
    'mapping-column-unsupported',
    `column ${column.name} is ${sqlType}, for which there is no codec: map it by a field, or list it in ignoreColumns`,
  )
}

/** A closed list of scalars in an array column (text[], integer[], uuid[] ...). */
export function array(column: AnyPgColumn): Codec {
  return arrayOf(column, inferCodec(elementOf(column)))
}

/** The column that an array column's elements are of, for a codec of theirs. */
export function elementOf(column: AnyPgColumn): AnyPgColumn {
  const base = (column as unknown as { baseColumn?: AnyPgColumn }).baseColumn
  if (base === undefined) {
    throw new MappingError(
      'mapping-invalid',
      `${column.name} is ${column.getSQLType()}; array needs an array column`,
    )
  }
  return base
}
