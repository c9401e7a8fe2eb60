import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { unreadableDump } from './dump-error.ts'
import type { DumpFile } from './dump-folder.ts'

const READ_BYTES = 1024 * 1024
/** MongoDB's own limit, with what it allows itself beyond it. */
const LARGEST_DOCUMENT = 16 * 1024 * 1024 + 16 * 1024

/** A document and where it lies in the (unpacked) file. */
export interface FileDocument {
  raw: Buffer
  offset: number
}

/**
 * The documents of a BSON file in its own order; never more than one document and one read are held. Throws
 * LB_DUMP_UNREADABLE for a file that ends inside of a document, or whose bytes are none.
 */
export async function* readBsonFile(
  file: DumpFile,
  tap?: (bytes: Buffer) => Promise<void>,
): AsyncGenerator<FileDocument> {
  let held: Buffer[] = []
  let heldBytes = 0
  let needed = 4
  let offset = 0
  for await (const bytes of bytesOf(file)) {
    await tap?.(bytes)
    held.push(bytes)
    heldBytes += bytes.length
    if (heldBytes < needed) continue
    const buffer = held.length === 1 ? bytes : Buffer.concat(held)
    let at = 0
    for (;;) {
      const left = buffer.length - at
      needed = left < 4 ? 4 : lengthAt(file, buffer, at, offset)
      if (left < needed) break
      const raw = buffer.subarray(at, at + needed)
      if (raw[needed - 1] !== 0) throw noDocument(file, offset)
      yield { raw, offset }
      at += needed
      offset += needed
    }
    held = at === buffer.length ? [] : [buffer.subarray(at)]
    heldBytes = buffer.length - at
  }
  if (heldBytes > 0) throw unreadableDump(file.path, `ends inside of the document at byte ${offset}`)
}

function lengthAt(file: DumpFile, buffer: Buffer, at: number, offset: number): number {
  const length = buffer.readInt32LE(at)
  if (length < 5 || length > LARGEST_DOCUMENT) throw noDocument(file, offset)
  return length
}

function noDocument(file: DumpFile, offset: number) {
  return unreadableDump(file.path, `holds no BSON document at byte ${offset}`)
}

async function* bytesOf(file: DumpFile): AsyncGenerator<Buffer> {
  const input = createReadStream(file.path, { highWaterMark: READ_BYTES })
  const stream: Readable = file.isGzip ? input.pipe(createGunzip({ chunkSize: READ_BYTES })) : input
  // Errors do not travel through a pipe by themselves.
  input.on('error', (error) => stream.destroy(error))
  try {
    yield* stream as AsyncIterable<Buffer>
  } catch (cause) {
    throw unreadableDump(file.path, 'cannot be read to its end', cause)
  } finally {
    input.destroy()
    stream.destroy()
  }
}
