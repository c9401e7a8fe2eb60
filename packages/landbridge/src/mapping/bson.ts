import { deserialize, serialize } from 'bson'
import { findBsonLoss } from './bson-losses.ts'
import { bsonTypeOf, entriesOf } from './bson-value.ts'
import { MappingError } from './mapping-error.ts'
import type { Document } from './types.ts'

/**
 * Reads a document so that its types survive: numbers, binaries and regular expressions stay BSON objects.
 * Throws a MappingError `invalid-utf8`, `invalid-bson`, or `bson-not-exact` where reading would lose something.
 */
export function decodeBson(raw: Uint8Array): Document {
  const document = read(raw)
  const loss = findBsonLoss(raw)
  if (loss !== undefined)
    throw new MappingError(loss.code, `the document cannot be read exactly: ${loss.message}`)
  return document
}

/** Writes a document. Deprecated `undefined` is refused (the BSON library can only make it null). */
export function encodeBson(document: Document): Uint8Array {
  if (holdsUndefined(document)) {
    throw new MappingError(
      'bson-not-exact',
      'the document holds the deprecated BSON type undefined, which cannot be written',
    )
  }
  return serialize(document, { ignoreUndefined: false, checkKeys: false })
}

function read(raw: Uint8Array): Document {
  try {
    return deserialize(raw, {
      promoteValues: false,
      promoteBuffers: false,
      bsonRegExp: true,
      validation: { utf8: true },
    }) as Document
  } catch (cause) {
    const message = (cause as Error).message
    // The library has no error code; its message is the only thing that tells text from structure.
    const code = /utf-?8/i.test(message) ? 'invalid-utf8' : 'invalid-bson'
    throw new MappingError(code, `the document cannot be read as BSON: ${message}`, { cause })
  }
}

function holdsUndefined(value: unknown): boolean {
  switch (bsonTypeOf(value)) {
    case 'undefined':
      return true
    case 'array':
      return (value as unknown[]).some(holdsUndefined)
    case 'document':
      return entriesOf(value).some(([, member]) => holdsUndefined(member))
    default:
      return false
  }
}
