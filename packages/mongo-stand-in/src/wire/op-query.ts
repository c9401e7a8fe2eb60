import type { Document } from 'bson'
import { decodeDocument } from '../bson/decode.ts'

export const OP_QUERY = 2004
const OP_REPLY = 1
const AWAIT_CAPABLE = 8

/** The command in an OP_QUERY: drivers send their very first `ismaster` so, before they know what the server speaks. */
export function decodeQuery(message: Buffer): Document {
  const nameEnd = message.indexOf(0, 20)
  const start = nameEnd + 1 + 8
  return decodeDocument(message.subarray(start, start + message.readInt32LE(start)))
}

/** The parts are the bytes of the one document that the reply holds. */
export function encodeQueryReply(requestId: number, responseTo: number, parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  const header = Buffer.alloc(36)
  header.writeInt32LE(36 + body.length, 0)
  header.writeInt32LE(requestId, 4)
  header.writeInt32LE(responseTo, 8)
  header.writeInt32LE(OP_REPLY, 12)
  header.writeInt32LE(AWAIT_CAPABLE, 16)
  header.writeInt32LE(1, 32)
  return Buffer.concat([header, body])
}
