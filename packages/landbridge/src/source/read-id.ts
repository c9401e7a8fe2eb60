import { deserialize, ObjectId } from 'bson'
import { rawEnd } from '../mapping/compile/raw-bson.ts'

const OBJECT_ID = 7
const TYPE_AT = 4
/** Length, type and the key "_id": where the value of a leading `_id` begins. */
const VALUE_AT = 9

/**
 * The `_id` of a raw document, in the type that it has. Never refuses text that is no valid UTF-8 elsewhere in the
 * document, so that such a document still has a name to be quarantined under. MongoDB puts `_id` first, so nothing
 * behind it is read.
 */
export function readId(raw: Uint8Array): unknown {
  if (!beginsWithId(raw)) return decode(raw)._id
  if (raw[TYPE_AT] === OBJECT_ID) return new ObjectId(raw.slice(VALUE_AT, VALUE_AT + 12))
  const src = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  const end = rawEnd(src, raw[TYPE_AT] as number, VALUE_AT)
  if (end < 0 || end > raw.byteLength - 1) return decode(raw)._id
  // The field alone: a length before it and a zero behind it make a document of it.
  const alone = Buffer.alloc(end + 1)
  src.copy(alone, TYPE_AT, TYPE_AT, end)
  alone.writeInt32LE(alone.length)
  return decode(alone)._id
}

function beginsWithId(raw: Uint8Array): boolean {
  return raw[5] === 0x5f && raw[6] === 0x69 && raw[7] === 0x64 && raw[8] === 0
}

function decode(raw: Uint8Array): Record<string, unknown> {
  return deserialize(raw, {
    promoteValues: false,
    promoteBuffers: false,
    bsonRegExp: true,
    validation: { utf8: false },
  })
}
