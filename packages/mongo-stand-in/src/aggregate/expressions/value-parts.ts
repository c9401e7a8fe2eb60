import { calculateObjectSize, Int32, Long, type Timestamp } from 'bson'
import { isBinary, isDocument, isNullish, typeOf } from '../../bson/value-type.ts'
import { locationError } from '../../server-error.ts'
import { type OperatorTable, unary } from './operator.ts'

/** What a value is made of: its bytes, and the halves of a timestamp. */
export const VALUE_PARTS: OperatorTable = {
  $binarySize: unary('$binarySize', (value) => {
    if (isNullish(value)) return null
    if (typeof value === 'string') return new Int32(Buffer.byteLength(value))
    if (!isBinary(value)) {
      throw locationError(51276, `$binarySize requires a string or BinData argument, found: ${typeOf(value)}`)
    }
    return new Int32(value instanceof Uint8Array ? value.length : value.position)
  }),
  $bsonSize: unary('$bsonSize', (value) => {
    if (isNullish(value)) return null
    if (!isDocument(value)) {
      throw locationError(31393, `$bsonSize requires a document input, found: ${typeOf(value)}`)
    }
    return new Int32(calculateObjectSize(value, { ignoreUndefined: true }))
  }),
  $tsSecond: unary('$tsSecond', (value) => half('$tsSecond', value, 5687301, (ts) => ts.high)),
  $tsIncrement: unary('$tsIncrement', (value) => half('$tsIncrement', value, 5687302, (ts) => ts.low)),
}

function half(
  name: string,
  value: unknown,
  code: number,
  read: (timestamp: Timestamp) => number,
): Long | null {
  if (isNullish(value)) return null
  if (typeOf(value) !== 'timestamp') {
    throw locationError(code, `Argument to ${name} must be a timestamp, but is ${typeOf(value)}`)
  }
  return Long.fromNumber(read(value as Timestamp) >>> 0)
}
