import { decodeBson, encodeBson } from '../mapping/bson.ts'
import { bsonTypeOf, objectIdHex } from '../mapping/bson-value.ts'
import { numberKey } from './number-order.ts'

/** How an `_id` of any BSON type stands in a bytea column: the BSON of `{ v: _id }`. */
export function idToBytes(rawId: unknown): Buffer {
  return Buffer.from(encodeBson({ v: rawId }))
}

export function idFromBytes(bytes: Uint8Array): unknown {
  return decodeBson(bytes).v
}

/**
 * A text that is equal for ids that MongoDB takes for the same: numbers count by value there, whatever their type
 * (a collection cannot hold Int32 1 and Double 1 as ids of two documents, but Double 0.1 and Decimal128 0.1).
 */
export function idKey(rawId: unknown): string {
  switch (bsonTypeOf(rawId)) {
    case 'objectId':
      return objectIdHex(rawId)
    case 'int32':
    case 'long':
    case 'double':
    case 'decimal128':
      return `number:${numberKey(rawId)}`
    default:
      return `bson:${idToBytes(rawId).toString('base64')}`
  }
}
