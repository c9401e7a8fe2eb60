import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import { type Codec, integer } from 'landbridge/mapping'
import mongoose from 'mongoose'

/** A bigint column whose documents hold a Long, as the driver writes what passes 2^31; all else comes back as it was. */
export function longId(column: AnyPgColumn): Codec {
  const codec = integer(column)
  return {
    ...codec,
    raw: { kind: 'integer', size: 8, min: -Infinity, max: Infinity, from: 'long' },
    settings: { form: 'long' },
    encode(value, type) {
      const encoded = codec.encode(value, type)
      return 'cells' in encoded ? { cells: encoded.cells, exact: type === 'long' } : encoded
    },
    decode: ([cell]) => mongoose.mongo.Long.fromString(String(cell)),
  }
}
