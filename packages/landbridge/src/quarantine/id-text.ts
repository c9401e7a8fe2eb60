import { EJSON, ObjectId } from 'bson'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { bsonTypeOf, objectIdHex } from '../mapping/bson-value.ts'

const HEX = /^[0-9a-f]{24}$/i
const EJSON_START = /^[{["]|^(-?\d+|true|false|null)$/

/** An `_id` as people see it and type it; `idFromText` reads it back, type and all. */
export function idText(rawId: unknown): string {
  const type = bsonTypeOf(rawId)
  if (type === 'objectId') return objectIdHex(rawId)
  if (type === 'string' && !HEX.test(rawId as string) && !EJSON_START.test(rawId as string))
    return rawId as string
  return EJSON.stringify(rawId, { relaxed: false })
}

/**
 * 24 hex digits are an ObjectId; what begins as JSON is EJSON (`{"$numberInt":"7"}`); all else is text. Throws LB_USAGE.
 */
export function idFromText(text: string): unknown {
  if (HEX.test(text)) return new ObjectId(text)
  if (!EJSON_START.test(text)) return text
  try {
    return EJSON.parse(text, { relaxed: false })
  } catch (cause) {
    throw new LandbridgeError(errorCodes.usage, `"${text}" is not EJSON`, { cause })
  }
}
