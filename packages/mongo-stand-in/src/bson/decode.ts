import {
  calculateObjectSize,
  DBRef,
  type Document,
  deserialize,
  serialize,
  serializeWithBufferAndIndex,
} from 'bson'
import { isDocument } from './value-type.ts'

const DECODE = { promoteValues: false, bsonRegExp: true, promoteBuffers: false } as const
const ENCODE = { ignoreUndefined: true } as const
const DBREF_FIELD = Buffer.from('$ref\0')

/**
 * Decodes a document so that no type is lost: numbers stay Int32, Long, Double or Decimal128 objects, binary data and
 * regular expressions stay BSON objects. A DBRef is the document that it is on the wire.
 */
export function decodeDocument(raw: Uint8Array): Document {
  const document = deserialize(raw, DECODE)
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  // js-bson gives a class of its own for documents with $ref and $id and has no switch against it.
  return bytes.includes(DBREF_FIELD) ? (plainReferences(document) as Document) : document
}

/** Encodes a document; a field that is `undefined` is left out, as it stands for "no such field". */
export function encodeDocument(document: Document): Uint8Array {
  try {
    return serialize(document, ENCODE)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return encodeLarge(document)
  }
}

/** js-bson writes into a buffer of 17 MB. What is larger is somebody else's to refuse, or an event to be split. */
function encodeLarge(document: Document): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(calculateObjectSize(document, ENCODE))
  serializeWithBufferAndIndex(document, bytes, ENCODE)
  return bytes
}

function plainReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainReferences)
  if (value instanceof DBRef) {
    const { collection, oid, db, fields } = value
    return { $ref: collection, $id: oid, ...(db === undefined ? {} : { $db: db }), ...fields }
  }
  if (!isDocument(value)) return value
  for (const [field, inner] of Object.entries(value)) value[field] = plainReferences(inner)
  return value
}
