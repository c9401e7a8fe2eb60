import { Code, deserialize, serialize } from 'bson'
import { findBsonLoss } from './bson-losses.ts'
import { bsonTypeOf, entriesOf, setMember } from './bson-value.ts'
import { MappingError } from './mapping-error.ts'
import type { Document } from './types.ts'

/**
 * Reads a document so that its types survive: numbers, binaries and regular expressions stay BSON objects.
 * Throws a MappingError `invalid-utf8`, `invalid-bson`, or `bson-not-exact` where reading would lose something.
 */
export function decodeBson(raw: Uint8Array): Document {
  const document = read(raw)
  const dbRefs: number[] = []
  const loss = findBsonLoss(raw, dbRefs)
  if (loss !== undefined)
    throw new MappingError(loss.code, `the document cannot be read exactly: ${loss.message}`)
  return dbRefs.length === 0 ? document : readAroundDbRefs(raw, dbRefs)
}

/** Stands for the `$` of a `$ref` that the library must not take for a DBRef. */
const MASK = 0x01

/** Reads a copy whose `$ref` keys at these places are called otherwise, and calls them `$ref` again afterwards. */
function readAroundDbRefs(raw: Uint8Array, dbRefs: readonly number[]): Document {
  const masked = Uint8Array.from(raw)
  for (const at of dbRefs) masked[at] = MASK
  return unmask(read(masked)) as Document
}

function unmask(value: unknown): unknown {
  const type = bsonTypeOf(value)
  if (type === 'array') return (value as unknown[]).map(unmask)
  if (type === 'code') {
    const { code, scope } = value as Code
    return scope === null ? value : new Code(code, unmask(scope) as Document)
  }
  if (type !== 'document') return value
  const document: Document = {}
  for (const [key, member] of entriesOf(value))
    setMember(document, key === '\u0001ref' ? '$ref' : key, unmask(member))
  return document
}

/**
 * Writes a document. Throws a MappingError `bson-not-exact` for what the library would change silently: deprecated
 * `undefined` (it becomes null) and half a surrogate pair (it becomes U+FFFD).
 */
export function encodeBson(document: Document): Uint8Array {
  const unwritable = findUnwritable(document)
  if (unwritable !== undefined) {
    throw new MappingError(
      'bson-not-exact',
      `the document holds ${unwritable}, which cannot be written exactly`,
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

function findUnwritable(value: unknown): string | undefined {
  switch (bsonTypeOf(value)) {
    case 'undefined':
      return 'the deprecated type undefined'
    case 'string':
      return (value as string).isWellFormed() ? undefined : 'half a surrogate pair'
    case 'array':
      return firstUnwritable(value as unknown[])
    case 'document': {
      const entries = entriesOf(value)
      if (entries.some(([key]) => !key.isWellFormed() || key.includes('\0')))
        return 'a key that is no BSON key'
      return firstUnwritable(entries.map(([, member]) => member))
    }
    default:
      return undefined
  }
}

function firstUnwritable(values: unknown[]): string | undefined {
  for (const value of values) {
    const unwritable = findUnwritable(value)
    if (unwritable !== undefined) return unwritable
  }
  return undefined
}
