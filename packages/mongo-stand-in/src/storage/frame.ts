import { crc32 } from 'node:zlib'
import { calculateObjectSize, type Document, serialize, setInternalBufferSize } from 'bson'

/**
 * What the files of the data folder are made of: a header as BSON, and stored documents behind it as they are, since
 * encoding them again would cost time and could change bytes.
 *
 * Before it stand four 32-bit numbers: total length, length of the header, checksum of all that follows them, and
 * checksum of the three. The last one tells a length that is damaged from an entry that ends too early.
 */
export const PREFIX_BYTES = 16

/** What js-bson encodes into without being asked for more; what lies beyond is cut without an error. */
const ENCODER_BYTES = 17 * 1024 * 1024

export function encodeFrame(header: Document, blobs: readonly Uint8Array[] = []): Buffer {
  const head = encodeHeader(header)
  const total = blobs.reduce((sum, blob) => sum + blob.length, PREFIX_BYTES + head.length)
  // From Node's pool: it lives until its group is written, and memory of its own for each entry would leave the process
  // with many small holes.
  const frame = Buffer.allocUnsafe(total)
  frame.set(head, PREFIX_BYTES)
  let at = PREFIX_BYTES + head.length
  for (const blob of blobs) {
    frame.set(blob, at)
    at += blob.length
  }
  frame.writeUInt32LE(total, 0)
  frame.writeUInt32LE(head.length, 4)
  frame.writeUInt32LE(crc32(frame.subarray(PREFIX_BYTES)), 8)
  frame.writeUInt32LE(crc32(frame.subarray(0, 12)), 12)
  return frame
}

export interface FramePrefix {
  readonly totalLength: number
  readonly headerLength: number
  readonly checksum: number
}

/** The lengths that a frame begins with; undefined if they are no such. */
export function decodePrefix(bytes: Buffer): FramePrefix | undefined {
  if (crc32(bytes.subarray(0, 12)) !== bytes.readUInt32LE(12)) return undefined
  const prefix = {
    totalLength: bytes.readUInt32LE(0),
    headerLength: bytes.readUInt32LE(4),
    checksum: bytes.readUInt32LE(8),
  }
  return prefix.totalLength >= PREFIX_BYTES + prefix.headerLength ? prefix : undefined
}

function encodeHeader(header: Document): Uint8Array {
  const options = { ignoreUndefined: true }
  try {
    const bytes = serialize(header, options)
    if (bytes.length < ENCODER_BYTES) return bytes
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  setInternalBufferSize(calculateObjectSize(header, options) + 1024)
  return serialize(header, options)
}
