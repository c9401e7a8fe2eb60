import type { Document, Long, Timestamp, UUID } from 'bson'
import { encodeFrame } from './frame.ts'
import type { Frame } from './frame-reader.ts'
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

/**
 * One entry of the append-only file: everything that became visible at one cluster time. A rollback undoes what came
 * after the time `to`; its writes are the states that the documents went back to.
 */
export type LogEntry =
  | { kind: 'write'; time: Timestamp; wall: Date; origin?: WriteOrigin; writes: LoggedWrite[] }
  | { kind: 'rollback'; time: Timestamp; wall: Date; to: Timestamp; writes: LoggedWrite[] }
  | { kind: 'catalog'; time: Timestamp; wall: Date; change: CatalogChange; ns: string; detail: Document }
  | { kind: 'start'; time: Timestamp; wall: Date }

/** The first entry of a file: after which time it begins. Whatever was at that time or before is in earlier files. */
export interface SegmentHeader {
  kind: 'segment'
  format: number
  after: Timestamp
}

export const FORMAT = 2

export function encodeSegmentHeader(after: Timestamp): Buffer {
  const header: SegmentHeader = { kind: 'segment', format: FORMAT, after }
  return encodeFrame(header)
}

export function encodeLogEntry(entry: LogEntry): Buffer {
  if (!('writes' in entry)) return encodeFrame(entry)
  const blobs: Uint8Array[] = []
  const length = (raw: Uint8Array | null) => {
    if (raw === null) return null
    blobs.push(raw)
    return raw.length
  }
  const writes = entry.writes.map(({ raw, before, ...rest }) => ({
    ...rest,
    raw: length(raw),
    before: length(before),
  }))
  return encodeFrame({ ...entry, writes }, blobs)
}

/** Stored documents are views of the frame: to be kept by who needs them. */
export function decodeLogEntry({ header, blobs }: Frame): LogEntry | SegmentHeader {
  if (header.kind !== 'write' && header.kind !== 'rollback') return header as LogEntry | SegmentHeader
  let at = 0
  const take = (length: unknown) => {
    if (length === null || length === undefined) return null
    const blob = blobs.subarray(at, at + Number(length))
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
