import { crc32 } from 'node:zlib'
import { type Document, deserialize, type Long, serialize, type Timestamp, type UUID } from 'bson'
import type { WriteKind } from './write-unit.ts'

/** Whose write it was: what a retry of the same statement must be answered with after a restart. */
export interface WriteOrigin {
  readonly lsid: Document
  readonly txnNumber: Long
  /** Set for a retryable write: the statement's number in its command, and its result. */
  readonly statement?: { readonly number: number; readonly result: Document }
}

export interface LoggedWrite {
  readonly ns: string
  readonly uuid: UUID
  readonly kind: WriteKind
  /** Set where there is no new state that has it. */
  readonly id?: unknown
  readonly raw: Uint8Array | null
  readonly before: Uint8Array | null
  readonly description: Document | null
}

export type CatalogChange =
  | 'create'
  | 'drop'
  | 'dropDatabase'
  | 'rename'
  | 'modify'
  | 'createIndexes'
  | 'dropIndexes'

/** One entry of the append-only file: everything that became visible at one cluster time. */
export type LogEntry =
  | { kind: 'write'; time: Timestamp; wall: Date; origin?: WriteOrigin; writes: LoggedWrite[] }
  | { kind: 'catalog'; time: Timestamp; wall: Date; change: CatalogChange; ns: string; detail: Document }
  | { kind: 'start'; time: Timestamp; wall: Date }

/** total length, checksum of the rest, length of the header: three 32-bit numbers before every entry. */
const PREFIX = 12

/** Stored documents follow the header as they are: encoding them again would cost time and could change bytes. */
export function encodeLogEntry(entry: LogEntry): Buffer {
  const blobs: Uint8Array[] = []
  const length = (raw: Uint8Array | null) => {
    if (raw === null) return null
    blobs.push(raw)
    return raw.length
  }
  const header = serialize(
    entry.kind === 'write'
      ? {
          ...entry,
          writes: entry.writes.map(({ raw, before, ...rest }) => ({
            ...rest,
            raw: length(raw),
            before: length(before),
          })),
        }
      : entry,
    { ignoreUndefined: true },
  )
  const total = blobs.reduce((sum, blob) => sum + blob.length, PREFIX + header.length)
  const frame = Buffer.allocUnsafeSlow(total)
  frame.writeUInt32LE(total, 0)
  frame.writeUInt32LE(header.length, 8)
  frame.set(header, PREFIX)
  let at = PREFIX + header.length
  for (const blob of blobs) {
    frame.set(blob, at)
    at += blob.length
  }
  frame.writeUInt32LE(crc32(frame.subarray(8)), 4)
  return frame
}

export type DecodedFrame = { entry: LogEntry; length: number } | 'incomplete' | 'damaged'

/** Reads the entry at an offset. `incomplete`: the bytes end within it; `damaged`: they are there and do not fit. */
export function decodeLogEntry(bytes: Buffer, offset: number): DecodedFrame {
  if (bytes.length - offset < PREFIX) return 'incomplete'
  const total = bytes.readUInt32LE(offset)
  if (total < PREFIX) return 'damaged'
  if (offset + total > bytes.length) return 'incomplete'
  const frame = bytes.subarray(offset, offset + total)
  if (crc32(frame.subarray(8)) !== frame.readUInt32LE(4)) return 'damaged'
  const headerLength = frame.readUInt32LE(8)
  // Same decoding as for documents, so that ids and results keep their types. From a copy: binary values are views, and
  // one of them would keep the whole file in memory.
  const header = deserialize(new Uint8Array(frame.subarray(PREFIX, PREFIX + headerLength)), {
    promoteValues: false,
    bsonRegExp: true,
    promoteBuffers: false,
  })
  return { entry: withBlobs(header, frame, PREFIX + headerLength), length: total }
}

function withBlobs(header: Document, frame: Buffer, start: number): LogEntry {
  if (header.kind !== 'write') return header as LogEntry
  let at = start
  const take = (length: unknown) => {
    if (length === null || length === undefined) return null
    const blob = frame.subarray(at, at + Number(length))
    at += Number(length)
    return blob
  }
  const writes = (header.writes as Document[]).map((write) => ({
    ...write,
    raw: take(write.raw),
    before: take(write.before),
  }))
  // The header keeps BSON's number types for results; the statement's own number is one of ours.
  const { statement } = header.origin ?? {}
  if (statement !== undefined) statement.number = Number(statement.number)
  return { ...header, writes } as unknown as LogEntry
}
