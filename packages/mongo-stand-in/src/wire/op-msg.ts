import { type Document, deserialize } from 'bson'
import { decodeDocument } from '../bson/decode.ts'
import { failedToParse } from '../server-error.ts'

export const OP_MSG = 2013
const CHECKSUM_PRESENT = 1
const MORE_TO_COME = 2
const EXHAUST_ALLOWED = 0x10000

export interface MessageFlags {
  /** The sender expects no reply (a request), or sends more by itself (a reply). */
  readonly moreToCome: boolean
  readonly exhaustAllowed: boolean
}

export interface Request extends MessageFlags {
  readonly command: Document
  /**
   * The field `documents` of an insert, which the command lacks then: its documents as they came. They are stored
   * without being encoded again, and decoded one by one: a thousand decoded at once would outlive several rounds of the
   * garbage collector.
   */
  readonly rawDocuments: Uint8Array[] | undefined
}

/** Reads the sections of an OP_MSG: one body, and sequences of documents that belong to fields of it. */
export function decodeRequest(message: Buffer): Request {
  const flags = message.readUInt32LE(16)
  const end = message.length - (flags & CHECKSUM_PRESENT ? 4 : 0)
  let body: Buffer | undefined
  const sequences: Array<{ field: string; documents: Buffer[] }> = []
  for (let at = 20; at < end; ) {
    const kind = message[at++]
    const size = message.readInt32LE(at)
    if (size < 5 || at + size > end) throw failedToParse('OP_MSG section reaches beyond its message')
    const section = message.subarray(at, at + size)
    if (kind === 0) body = section
    else if (kind === 1) sequences.push(decodeSequence(section))
    else throw failedToParse(`Unknown section kind ${kind} in OP_MSG`)
    at += size
  }
  if (body === undefined) throw failedToParse('OP_MSG has no body')
  const { command, rawDocuments } = decodeBody(body)
  let raw = rawDocuments
  for (const { field, documents } of sequences) {
    if (field === 'documents') raw = documents
    else command[field] = documents.map(decodeDocument)
  }
  return {
    command,
    rawDocuments: raw,
    moreToCome: (flags & MORE_TO_COME) !== 0,
    exhaustAllowed: (flags & EXHAUST_ALLOWED) !== 0,
  }
}

/** Header and flags of a reply; the encoded reply document follows. */
export function encodeReplyHeader(
  requestId: number,
  responseTo: number,
  size: number,
  moreToCome = false,
): Buffer {
  const header = Buffer.alloc(21)
  header.writeInt32LE(21 + size, 0)
  header.writeInt32LE(requestId, 4)
  header.writeInt32LE(responseTo, 8)
  header.writeInt32LE(OP_MSG, 12)
  header.writeUInt32LE(moreToCome ? MORE_TO_COME : 0, 16)
  return header
}

const INSERT = Buffer.from('insert\0')

function decodeBody(body: Buffer): { command: Document; rawDocuments: Uint8Array[] | undefined } {
  // The first element's name starts at byte 5: only inserts want their documents as bytes.
  if (!body.subarray(5, 5 + INSERT.length).equals(INSERT)) {
    return { command: decodeDocument(body), rawDocuments: undefined }
  }
  const { documents, ...command } = deserialize(body, {
    promoteValues: false,
    bsonRegExp: true,
    promoteBuffers: false,
    fieldsAsRaw: { documents: true },
  })
  if (isRawList(documents)) return { command, rawDocuments: documents }
  return { command: documents === undefined ? command : { ...command, documents }, rawDocuments: undefined }
}

/** The decoder leaves the documents of a list as bytes, and everything else that a list may wrongly hold as it is. */
function isRawList(value: unknown): value is Uint8Array[] {
  return Array.isArray(value) && value.every((element) => element instanceof Uint8Array)
}

function decodeSequence(section: Buffer): { field: string; documents: Buffer[] } {
  const nameEnd = section.indexOf(0, 4)
  const documents: Buffer[] = []
  for (let at = nameEnd + 1; at < section.length; ) {
    const size = section.readInt32LE(at)
    if (size < 5 || at + size > section.length) throw failedToParse('A document reaches beyond its sequence')
    documents.push(section.subarray(at, at + size))
    at += size
  }
  return { field: section.toString('utf8', 4, nameEnd), documents }
}
