import type { Document, Long, Timestamp, UUID } from 'bson'
import { encodeFrame } from './frame.ts'
import type { Frame } from './frame-reader.ts'
import type { SessionState } from './retry-records.ts'

export interface CollectionState {
  readonly ns: string
  readonly uuid: UUID
  readonly options: Document
  readonly indexes: readonly Document[]
  readonly changedAt: Timestamp
}

/** A part of a checkpoint. `documents` belong to the collection before them; a whole checkpoint has an `end`. */
export type CheckpointEntry =
  | { kind: 'checkpoint'; format: number; time: Timestamp }
  | { kind: 'collection'; collection: CollectionState }
  | { kind: 'documents'; documents: readonly Uint8Array[] }
  | { kind: 'session'; session: SessionState }
  | { kind: 'end' }

export function encodeCheckpointEntry(entry: CheckpointEntry): Buffer {
  if (entry.kind !== 'documents') return encodeFrame(entry)
  return encodeFrame({ kind: entry.kind }, entry.documents)
}

export function decodeCheckpointEntry({ header, blobs }: Frame): CheckpointEntry {
  if (header.kind === 'documents') return { kind: 'documents', documents: cutDocuments(blobs) }
  if (header.kind === 'session') return { kind: 'session', session: readSession(header.session) }
  return header as CheckpointEntry
}

/** A BSON document begins with its length. The parts are views. */
function cutDocuments(blobs: Buffer): Uint8Array[] {
  const documents: Uint8Array[] = []
  for (let at = 0; at < blobs.length; ) {
    const length = blobs.readInt32LE(at)
    documents.push(blobs.subarray(at, at + length))
    at += length
  }
  return documents
}

function readSession(session: Document): SessionState {
  const { lsid, lastUse, committedAt } = session as SessionState
  const statements = (session.statements as Document[]).map(({ number, result, at }) => ({
    number: Number(number),
    result: result as Document,
    at: at as Timestamp,
  }))
  return { lsid, txnNumber: session.txnNumber as Long, lastUse, committedAt, statements }
}
