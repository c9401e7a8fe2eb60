import { type Document, ObjectId } from 'bson'
import { encodeDocument } from '../bson/decode.ts'
import { isDocument, typeOf } from '../bson/value-type.ts'
import { badValue, serverError } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import { fillTimestamps } from './empty-timestamps.ts'
import { explainMismatch } from './explain-mismatch.ts'

/** maxBsonObjectSize: what `hello` announces. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024

/**
 * The document with an `_id`, in front, with empty timestamps filled, and its bytes. Bytes that came so already stay as
 * they are.
 */
export function normalizeForInsert(
  given: Document,
  givenRaw?: Uint8Array,
): { document: Document; raw: Uint8Array } {
  const document = fillTimestamps(given)
  const raw = document === given ? givenRaw : undefined
  const id: unknown = document._id
  if (id !== undefined && Object.keys(document)[0] === '_id') {
    assertIdType(id)
    return sized({ document, raw: raw ?? encodeDocument(document) })
  }
  const { _id = new ObjectId(), ...rest } = document
  assertIdType(_id)
  const normalized = { _id, ...rest }
  return sized({ document: normalized, raw: encodeDocument(normalized) })
}

/**
 * Refuses what the collection's validator does not accept. Deletes are never checked, as on a mongod; with the level
 * `moderate` neither is an update of a document that was not valid before.
 */
export function assertValid(collection: Collection, document: Document, before?: Document): void {
  const { validator } = collection
  if (validator === undefined || validator.test(document)) return
  if (before !== undefined && collection.options.validationLevel === 'moderate' && !validator.test(before))
    return
  throw serverError(121, 'DocumentValidationFailure', 'Document failed validation', {
    extra: {
      errInfo: {
        failingDocumentId: document._id,
        details: explainMismatch(collection.options.validator, document),
      },
    },
  })
}

export function sized<T extends { raw: Uint8Array }>(state: T): T {
  if (state.raw.length > MAX_DOCUMENT_BYTES) {
    throw serverError(
      10334,
      'BSONObjectTooLarge',
      `BSONObj size: ${state.raw.length} is invalid. Size must be between 0 and ${MAX_DOCUMENT_BYTES}(16MB)`,
    )
  }
  return state
}

function assertIdType(id: unknown): void {
  const type = typeOf(id)
  if (type === 'array' || type === 'regex') throw badValue(`The '_id' value cannot be of type ${type}`)
  const dollar = isDocument(id) ? Object.keys(id).find((name) => name.startsWith('$')) : undefined
  if (dollar !== undefined) {
    throw serverError(
      52,
      'DollarPrefixedFieldName',
      `_id fields may not contain '$'-prefixed fields: ${dollar} is not valid for storage.`,
    )
  }
}
