import type { Document, Long } from 'bson'
import { encodeDocument } from '../bson/decode.ts'

/** A reply whose documents go out as the bytes that they are stored in. */
export class CursorReply {
  readonly id: Long
  readonly ns: string
  readonly part: 'firstBatch' | 'nextBatch'
  readonly documents: readonly Uint8Array[]
  /** Further fields inside of `cursor`. */
  readonly cursorFields: Document
  /** Further fields beside `cursor`. */
  readonly fields: Document

  constructor(
    cursor: { id: Long; ns: string; part: 'firstBatch' | 'nextBatch'; documents: readonly Uint8Array[] },
    cursorFields: Document = {},
    fields: Document = {},
  ) {
    this.id = cursor.id
    this.ns = cursor.ns
    this.part = cursor.part
    this.documents = cursor.documents
    this.cursorFields = cursorFields
    this.fields = fields
  }
}

const DOCUMENT = 0x03
const ARRAY = 0x04
const END = Buffer.from([0])

/** The bytes of a reply with the fields that every reply has. */
export function encodeReply(reply: Document | CursorReply, common: Document): Uint8Array[] {
  if (!(reply instanceof CursorReply)) return [encodeDocument({ ...reply, ...common })]
  const { id, ns, part, documents, cursorFields, fields } = reply
  const batch = arrayOf(documents)
  const cursor = withElement(ARRAY, part, batch, { id, ns, ...cursorFields })
  return withElement(DOCUMENT, 'cursor', cursor, { ...fields, ...common })
}

/** A document that begins with one element given as bytes; the other fields follow. */
function withElement(type: number, name: string, value: Uint8Array[], rest: Document): Uint8Array[] {
  const head = Buffer.concat([Buffer.from([type]), Buffer.from(`${name}\0`)])
  const tail = encodeDocument(rest).subarray(4)
  return sized([head, ...value, tail])
}

function arrayOf(documents: readonly Uint8Array[]): Uint8Array[] {
  const parts: Uint8Array[] = []
  for (const [at, document] of documents.entries()) {
    parts.push(Buffer.from(`\u0003${at}\0`, 'latin1'), document)
  }
  return sized([...parts, END])
}

function sized(parts: Uint8Array[]): Uint8Array[] {
  const length = Buffer.alloc(4)
  length.writeInt32LE(parts.reduce((sum, part) => sum + part.length, 4))
  return [length, ...parts]
}
