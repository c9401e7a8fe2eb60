import { Binary, Decimal128, Double, Int32 } from 'bson'
import { keepBytes } from './kept-bytes.ts'

/**
 * A value that compares as the given one and may stay: decoded decimals and binary data are views of Node's pool or of the
 * message that they came in, and would keep all of that. Numbers need no object.
 */
export function keepValue(value: unknown): unknown {
  if (value instanceof Int32 || value instanceof Double) return value.value
  if (value instanceof Binary)
    return new Binary(keepBytes(value.buffer.subarray(0, value.position)), value.sub_type)
  if (value instanceof Decimal128) return new Decimal128(keepBytes(value.bytes))
  return value
}
