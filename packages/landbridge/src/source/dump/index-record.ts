import { ObjectId } from 'bson'
import { idFromBytes, idToBytes } from '../id-key.ts'
import { compareIds } from '../id-order.ts'

/** One document of a dump: its `_id` and where it lies. */
export interface IndexRecord {
  id: unknown
  /** The `_id` as the index file holds it. */
  idBytes: Buffer
  offset: number
  length: number
}

const PLACE_BYTES = 10
const OBJECT_ID = 7
/** Length, type and the key "v" of `{ v: id }`. */
const VALUE_AT = 7

export function indexRecord(id: unknown, offset: number, length: number): IndexRecord {
  return { id, idBytes: idToBytes(id), offset, length }
}

/** The order of `_id`; of two documents with one id, that which stands later in the file comes first. */
export function compareRecords(a: IndexRecord, b: IndexRecord): number {
  return compareRecordIds(a, b) || b.offset - a.offset
}

export function compareRecordIds(a: IndexRecord, b: IndexRecord): number {
  // ObjectIds, which are nearly all, sort as their bytes do.
  if (a.idBytes[4] === OBJECT_ID && b.idBytes[4] === OBJECT_ID) {
    return a.idBytes.compare(b.idBytes, VALUE_AT, VALUE_AT + 12, VALUE_AT, VALUE_AT + 12)
  }
  return compareIds(a.id, b.id)
}

export function writeRecord(record: IndexRecord): Buffer {
  const place = Buffer.alloc(PLACE_BYTES)
  place.writeUIntLE(record.offset, 0, 6)
  place.writeUInt32LE(record.length, 6)
  return Buffer.concat([record.idBytes, place])
}

/** The record at this place, and where the next one begins; undefined if the buffer does not hold all of it. */
export function readRecord(buffer: Buffer, at: number): { record: IndexRecord; next: number } | undefined {
  if (buffer.length - at < 4) return undefined
  const placeAt = at + buffer.readInt32LE(at)
  const next = placeAt + PLACE_BYTES
  if (next > buffer.length) return undefined
  const idBytes = buffer.subarray(at, placeAt)
  const record = {
    id: idOf(idBytes),
    idBytes,
    offset: buffer.readUIntLE(placeAt, 6),
    length: buffer.readUInt32LE(placeAt + 6),
  }
  return { record, next }
}

function idOf(idBytes: Buffer): unknown {
  if (idBytes[4] !== OBJECT_ID) return idFromBytes(idBytes)
  return new ObjectId(Uint8Array.prototype.slice.call(idBytes, VALUE_AT, VALUE_AT + 12))
}
