// BSON's type bytes. Constants of their own: comparing ids is too frequent for looking them up in an object.
export const DOUBLE = 0x01
export const STRING = 0x02
export const DOCUMENT = 0x03
export const ARRAY = 0x04
export const BINARY = 0x05
export const UNDEFINED = 0x06
export const OBJECT_ID = 0x07
export const BOOLEAN = 0x08
export const DATE = 0x09
export const NULL = 0x0a
export const REGEX = 0x0b
export const DB_POINTER = 0x0c
export const CODE = 0x0d
export const SYMBOL = 0x0e
export const CODE_WITH_SCOPE = 0x0f
export const INT32 = 0x10
export const TIMESTAMP = 0x11
export const LONG = 0x12
export const DECIMAL = 0x13
export const MAX_KEY = 0x7f
export const MIN_KEY = 0xff

/** Where the value that begins at a place ends, by its type: what is not looked at is passed over. */
export function endOfValue(bytes: Buffer, type: number | undefined, at: number): number {
  switch (type) {
    case OBJECT_ID:
      return at + 12
    case STRING:
    case CODE:
    case SYMBOL:
      return at + 4 + bytes.readInt32LE(at)
    case DOCUMENT:
    case ARRAY:
    case CODE_WITH_SCOPE:
      return at + bytes.readInt32LE(at)
    case BOOLEAN:
      return at + 1
    case INT32:
      return at + 4
    case DOUBLE:
    case DATE:
    case TIMESTAMP:
    case LONG:
      return at + 8
    case NULL:
    case UNDEFINED:
    case MIN_KEY:
    case MAX_KEY:
      return at
    case DECIMAL:
      return at + 16
    case BINARY:
      return at + 5 + bytes.readInt32LE(at)
    case REGEX:
      return endOfName(bytes, endOfName(bytes, at) + 1) + 1
    case DB_POINTER:
      return at + 4 + bytes.readInt32LE(at) + 12
    default:
      throw new RangeError(`No BSON value has the type ${String(type)}`)
  }
}

/** Where the 0 behind a name is. */
export function endOfName(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(0, at)
  if (end < 0) throw new RangeError('A BSON name has no end')
  return end
}
