import type { Document } from 'bson'
import { decodeDocument } from '../bson/decode.ts'
import { isLarge, recallDecoded, rememberDecoded } from './decoded-documents.ts'

/**
 * A BSON document as a place in a larger buffer; its length is the number with which it begins. A `Uint8Array` for each
 * document would take as much memory as a small document, so views are made when a document is read, and not kept.
 */
export interface KeptDocument {
  readonly slab: Buffer
  readonly start: number
}

const SLAB_BYTES = 256 * 1024

let slab = Buffer.alloc(0)
let used = 0

/**
 * A copy of a document that is to stay. Copies share slabs of their own: in Node's pool they would lie among buffers of
 * one reply or one log entry, and keep the memory of these too.
 */
export function keepDocument(bytes: Uint8Array): KeptDocument {
  return keep(bytes)
}

/** A copy of a part of a document that is to stay, such as a key of an index. */
export function keepBytes(bytes: Uint8Array): Buffer {
  const { slab: kept, start } = keep(bytes)
  return kept.subarray(start, start + bytes.length)
}

function keep(bytes: Uint8Array): { slab: Buffer; start: number } {
  const { length } = bytes
  if (length > SLAB_BYTES / 8) {
    const own = Buffer.allocUnsafeSlow(length)
    own.set(bytes)
    return { slab: own, start: 0 }
  }
  if (used + length > slab.length) {
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES)
    used = 0
  }
  const start = used
  slab.set(bytes, start)
  used += length
  return { slab, start }
}

/** A document where it lies already. For looking something up; who stores it keeps a copy with {@link keepDocument}. */
export function documentIn(bytes: Uint8Array): KeptDocument {
  return { slab: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), start: 0 }
}

/** The document's bytes, not copied: a view to read or to send, which must not be stored. */
export function bytesOf({ slab, start }: KeptDocument): Uint8Array {
  return slab.subarray(start, start + slab.readInt32LE(start))
}

export function lengthOf({ slab, start }: KeptDocument): number {
  return slab.readInt32LE(start)
}

/** The document, not to be changed: a large one is not decoded again for the next who asks. */
export function decodeKept(document: KeptDocument): Document {
  const length = lengthOf(document)
  if (!isLarge(length)) return decodeDocument(bytesOf(document))
  const known = recallDecoded(document)
  if (known !== undefined) return known
  const decoded = decodeDocument(bytesOf(document))
  rememberDecoded(document, decoded, length)
  return decoded
}
