import { decodeBson, encodeBson } from '../mapping/bson.ts'
import { bsonTypeOf, numberOf } from '../mapping/bson-value.ts'

/** How an `_id` of any BSON type stands in a bytea column: the BSON of `{ v: _id }`. */
export function idToBytes(rawId: unknown): Buffer {
  return Buffer.from(encodeBson({ v: rawId }))
}

export function idFromBytes(bytes: Uint8Array): unknown {
  return decodeBson(bytes).v
}

/**
 * A text that is equal for ids that MongoDB takes for the same: numbers count by value there, whatever their type
 * (a collection cannot hold Int32 1 and Double 1 as ids of two documents).
 */
export function idKey(rawId: unknown): string {
  const type = bsonTypeOf(rawId)
  if (type === 'int32' || type === 'double') return `number:${numberOf(rawId)}`
  if (type === 'long' || type === 'decimal128') {
    const number = Number(String(rawId))
    if (String(number) === String(rawId)) return `number:${number}`
  }
  return idToBytes(rawId).toString('base64')
}
