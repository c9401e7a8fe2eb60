import { deserialize, ObjectId } from 'bson'

const OBJECT_ID = 7
/** Length, type and the key "_id": where the twelve bytes of a leading ObjectId begin. */
const VALUE_AT = 9

/**
 * The `_id` of a raw document, in the type that it has. Never refuses text that is no valid UTF-8 elsewhere in the
 * document, so that such a document still has a name to be quarantined under. The usual case reads twelve bytes.
 */
export function readId(raw: Uint8Array): unknown {
  if (beginsWithObjectId(raw)) return new ObjectId(raw.slice(VALUE_AT, VALUE_AT + 12))
  const document = deserialize(raw, {
    promoteValues: false,
    promoteBuffers: false,
    bsonRegExp: true,
    validation: { utf8: false },
  })
  return document._id
}

function beginsWithObjectId(raw: Uint8Array): boolean {
  return raw[4] === OBJECT_ID && raw[5] === 0x5f && raw[6] === 0x69 && raw[7] === 0x64 && raw[8] === 0
}
