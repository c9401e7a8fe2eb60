import { decodeBson, encodeBson } from '../mapping/bson.ts'
import { bsonTypeOf } from '../mapping/bson-value.ts'
import { bsonOfDecimal } from '../mapping/codecs/money.ts'
import { decimalOfNumber } from '../mapping/decimal.ts'

/**
 * A legacy id as `id_map` holds it: the BSON of `{ v: id }`. MongoDB takes numbers of different types for the same
 * `_id` (Int32 1 and Double 1 cannot stand in one collection), so numbers are brought to one type first.
 */
export function legacyIdToBytes(legacyId: unknown): Buffer {
  const number = decimalOfNumber(bsonTypeOf(legacyId), legacyId)
  return Buffer.from(encodeBson({ v: number === undefined ? legacyId : bsonOfDecimal(number, 'number') }))
}

export function legacyIdFromBytes(bytes: Uint8Array): unknown {
  return decodeBson(bytes).v
}
