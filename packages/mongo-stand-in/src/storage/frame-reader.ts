import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import type { Document } from 'bson'
import { decodeDocument } from '../bson/decode.ts'
import { decodePrefix, PREFIX_BYTES } from './frame.ts'

/** A data file cannot be read: what is in it does not match its checksums, or a part is missing. */
export class DamagedFileError extends Error {
  override readonly name = 'DamagedFileError'
  readonly code = 'STAND_IN_DATA_DAMAGED'
}

export interface Frame {
  readonly header: Document
  /** The documents behind the header, one after the other. A view that is valid during the visit only. */
  readonly blobs: Buffer
}

/** How a file ends behind its whole frames: with nothing, or with what a kill or a power cut leaves of a last one. */
export interface FileEnd {
  readonly frames: number
  /** Bytes of the whole frames. */
  readonly length: number
  readonly tornBytes: number
}

const BLOCK_BYTES = 1024 * 1024

/**
 * Visits every frame of a file in order. Holds a block of it, or the largest frame, and never the whole.
 *
 * @throws DamagedFileError where a frame does not match its checksums, unless it is a last one that was not finished.
 */
export function readFrames(path: string, visit: (frame: Frame) => void): FileEnd {
  const fd = openSync(path, 'r')
  try {
    const file = new BlockReader(fd)
    let offset = 0
    let frames = 0
    while (offset < file.size) {
      const length = wholeFrame(file, offset)
      if (length === undefined) {
        if (isUnfinished(file, offset)) break
        throw damagedAt(path, offset)
      }
      visit(frameAt(file, offset, length))
      frames++
      offset += length
    }
    return { frames, length: offset, tornBytes: file.size - offset }
  } finally {
    closeSync(fd)
  }
}

/** The length of the frame at an offset; undefined if the bytes there are not a whole one. */
function wholeFrame(file: BlockReader, offset: number): number | undefined {
  if (file.size - offset < PREFIX_BYTES) return undefined
  const prefix = decodePrefix(file.bytes(offset, PREFIX_BYTES))
  if (prefix === undefined || offset + prefix.totalLength > file.size) return undefined
  const content = file.bytes(offset, prefix.totalLength).subarray(PREFIX_BYTES)
  return crc32(content) === prefix.checksum ? prefix.totalLength : undefined
}

function frameAt(file: BlockReader, offset: number, length: number): Frame {
  const bytes = file.bytes(offset, length)
  const headerEnd = PREFIX_BYTES + bytes.readUInt32LE(4)
  // From a copy: decoded binary values are views, and the block is read over.
  const header = decodeDocument(new Uint8Array(bytes.subarray(PREFIX_BYTES, headerEnd)))
  return { header, blobs: bytes.subarray(headerEnd) }
}

/**
 * Whether what stands at the offset is the beginning of a frame behind which nothing was written: one whose end is
 * missing, or has its length but not all of its content, or is followed by zeros, as a power cut can leave it.
 */
function isUnfinished(file: BlockReader, offset: number): boolean {
  if (file.size - offset < PREFIX_BYTES) return true
  const prefix = decodePrefix(file.bytes(offset, PREFIX_BYTES))
  const end = offset + (prefix?.totalLength ?? PREFIX_BYTES)
  return end >= file.size ? prefix !== undefined || isZero(file, offset) : isZero(file, end)
}

function isZero(file: BlockReader, from: number): boolean {
  for (let offset = from; offset < file.size; offset += BLOCK_BYTES) {
    const bytes = file.bytes(offset, Math.min(BLOCK_BYTES, file.size - offset))
    if (!bytes.every((byte) => byte === 0)) return false
  }
  return true
}

function damagedAt(path: string, offset: number): DamagedFileError {
  return new DamagedFileError(
    `${path} is damaged at byte ${offset}: the entry there does not match its checksum, and it is not a last one ` +
      'that was not finished. Restore the file, or start with an empty data folder.',
  )
}

/** Reads ranges of a file that go forward, a block at a time. */
class BlockReader {
  readonly size: number
  readonly #fd: number
  #block = Buffer.alloc(0)
  #start = 0

  constructor(fd: number) {
    this.#fd = fd
    this.size = fstatSync(fd).size
  }

  /** A range within the file, valid until the next call. */
  bytes(offset: number, length: number): Buffer {
    const within = offset - this.#start
    if (within < 0 || within + length > this.#block.length) this.#load(offset, length)
    return this.#block.subarray(offset - this.#start, offset - this.#start + length)
  }

  #load(offset: number, length: number): void {
    const wanted = Math.min(Math.max(length, BLOCK_BYTES), this.size - offset)
    const block = this.#block.length === wanted ? this.#block : Buffer.allocUnsafeSlow(wanted)
    let read = 0
    while (read < wanted) {
      const count = readSync(this.#fd, block, read, wanted - read, offset + read)
      if (count === 0) throw new Error(`The file became shorter while it was read, at byte ${offset + read}`)
      read += count
    }
    this.#block = block
    this.#start = offset
  }
}
