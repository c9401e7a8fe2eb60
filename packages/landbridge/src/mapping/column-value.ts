import { bsonTypeOf } from './bson-value.ts'
import type { Codec } from './codecs/codec.ts'
import type { PgValue } from './types.ts'

/**
 * What the first column of a codec holds of a document's value: null for what is missing and for what the column
 * refuses. For derivations, which must say of a document what its rows alone say.
 */
export function columnValue(codec: Codec, value: unknown): PgValue {
  const type = value === undefined ? 'undefined' : bsonTypeOf(value)
  if (type === 'null' || type === 'undefined') return null
  const encoded = codec.encode(value, type)
  return 'refused' in encoded ? null : (encoded.cells[0] ?? null)
}
