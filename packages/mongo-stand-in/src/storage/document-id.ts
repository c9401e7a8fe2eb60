import type { Collation } from '../bson/collation.ts'
import { compareValues } from '../bson/compare.ts'
import { decodeDocument, encodeDocument } from '../bson/decode.ts'
import { BINARY, endOfValue, INT32, OBJECT_ID, STRING } from '../bson/raw-value.ts'
import { documentIn, type KeptDocument } from './kept-bytes.ts'

/**
 * The `_id` of a stored document, read and compared where it lies. It is always the first field (an insert puts it
 * there), so its type is the byte behind the length, and its value follows the name.
 */
const TYPE_AT = 4
const VALUE_AT = TYPE_AT + 1 + '_id\0'.length

/** The subtype of old drivers, whose content begins with its length once more. */
const OLD_BINARY = 2

/** The bytes of a document with nothing but this `_id`: something to compare stored documents with. */
export function documentWithId(id: unknown): KeptDocument {
  return documentIn(encodeDocument({ _id: id === undefined ? null : id }))
}

/** The number of the `_id`'s BSON type. */
export function idTypeOf({ slab, start }: KeptDocument): number {
  return slab[start + TYPE_AT] as number
}

/** The `_id`, decoded from a copy: nothing of the document's slab is kept by it. */
export function idOf(document: KeptDocument): unknown {
  const { slab, start } = document
  const end = endOfValue(slab, slab[start + TYPE_AT], start + VALUE_AT)
  // The end of the field, a length before it and a 0 behind it make a document of it.
  const alone = new Uint8Array(end - start + 1)
  alone.set(slab.subarray(start + TYPE_AT, end), TYPE_AT)
  new DataView(alone.buffer).setInt32(0, alone.length, true)
  return decodeDocument(alone)._id
}

/** Orders two documents by their `_id`, exactly as `compareValues` orders the decoded ones. */
export function compareIds(a: KeptDocument, b: KeptDocument, collation?: Collation): number {
  const type = a.slab[a.start + TYPE_AT]
  if (type === b.slab[b.start + TYPE_AT]) {
    const left = a.start + VALUE_AT
    const right = b.start + VALUE_AT
    switch (type) {
      case OBJECT_ID:
        return compareBytes(a.slab, left, b.slab, right, 12)
      case INT32:
        return Math.sign(a.slab.readInt32LE(left) - b.slab.readInt32LE(right))
      case STRING:
        if (collation === undefined) return compareStrings(a.slab, left, b.slab, right)
        break
      case BINARY:
        if (a.slab[left + 4] !== OLD_BINARY && b.slab[right + 4] !== OLD_BINARY)
          return compareBinaries(a.slab, left, b.slab, right)
    }
  }
  return compareValues(idOf(a), idOf(b), collation)
}

/** UTF-8 bytes sort as the code points do. The length before them counts the 0 at their end. */
function compareStrings(a: Buffer, left: number, b: Buffer, right: number): number {
  const lengthA = a.readInt32LE(left)
  const lengthB = b.readInt32LE(right)
  const order = compareBytes(a, left + 4, b, right + 4, Math.min(lengthA, lengthB) - 1)
  return order || lengthA - lengthB
}

/** Length first, then subtype, then bytes. */
function compareBinaries(a: Buffer, left: number, b: Buffer, right: number): number {
  const length = a.readInt32LE(left)
  const byLength = length - b.readInt32LE(right)
  // The subtype is the byte between length and content: comparing from there on compares both in turn.
  return byLength || compareBytes(a, left + 4, b, right + 4, length + 1)
}

/** In JavaScript: for a few bytes, which mostly differ late or not at all, a native call costs more. */
function compareBytes(a: Buffer, left: number, b: Buffer, right: number, length: number): number {
  for (let at = 0; at < length; at++) {
    const difference = (a[left + at] as number) - (b[right + at] as number)
    if (difference !== 0) return difference
  }
  return 0
}
