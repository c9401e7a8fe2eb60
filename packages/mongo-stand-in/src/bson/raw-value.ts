/** BSON's type bytes, as far as something here is decided by them. */
export const RawType = {
  double: 0x01,
  string: 0x02,
  document: 0x03,
  array: 0x04,
  binary: 0x05,
  undefined: 0x06,
  objectId: 0x07,
  boolean: 0x08,
  date: 0x09,
  null: 0x0a,
  regex: 0x0b,
  dbPointer: 0x0c,
  code: 0x0d,
  symbol: 0x0e,
  codeWithScope: 0x0f,
  int32: 0x10,
  timestamp: 0x11,
  long: 0x12,
  decimal: 0x13,
  maxKey: 0x7f,
  minKey: 0xff,
} as const

/** Where the value that begins at a place ends, by its type: what is not looked at is passed over. */
export function endOfValue(bytes: Buffer, type: number | undefined, at: number): number {
  switch (type) {
    case RawType.objectId:
      return at + 12
    case RawType.string:
    case RawType.code:
    case RawType.symbol:
      return at + 4 + bytes.readInt32LE(at)
    case RawType.document:
    case RawType.array:
    case RawType.codeWithScope:
      return at + bytes.readInt32LE(at)
    case RawType.boolean:
      return at + 1
    case RawType.int32:
      return at + 4
    case RawType.double:
    case RawType.date:
    case RawType.timestamp:
    case RawType.long:
      return at + 8
    case RawType.null:
    case RawType.undefined:
    case RawType.minKey:
    case RawType.maxKey:
      return at
    case RawType.decimal:
      return at + 16
    case RawType.binary:
      return at + 5 + bytes.readInt32LE(at)
    case RawType.regex:
      return endOfName(bytes, endOfName(bytes, at) + 1) + 1
    case RawType.dbPointer:
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
