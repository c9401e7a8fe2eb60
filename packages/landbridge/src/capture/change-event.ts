import { z } from 'zod'
import type { Document } from '../mapping/types.ts'
import { sessionBytes } from '../mirror/mirror-session.ts'
import { parseToken, type ResumeToken } from './position.ts'

/** One change of a document. */
export interface DocumentEvent {
  kind: 'document'
  token: ResumeToken
  operation: string
  collection: string
  id: unknown
  clusterTime: bigint
  /** The session of the transaction that wrote it; undefined for a write outside of one. */
  lsid: Buffer | undefined
  whole: Document
}

/** A collection, or the database, that was dropped or renamed: no event tells of its documents. */
export interface CollectionEvent {
  kind: 'collection'
  token: ResumeToken
  operation: string
  /** Undefined for the whole database. */
  collection: string | undefined
  clusterTime: bigint
}

export type ChangeEvent = DocumentEvent | CollectionEvent

const timestampSchema = z.custom<{ toBigInt(): bigint }>(
  (value) => typeof (value as { toBigInt?: unknown } | null)?.toBigInt === 'function',
)
const binarySchema = z.custom<{ buffer: Uint8Array; position?: number }>(
  (value) => (value as { buffer?: unknown } | null)?.buffer instanceof Uint8Array,
)
const eventSchema = z.object({
  _id: z.unknown(),
  operationType: z.string(),
  clusterTime: timestampSchema,
  ns: z.object({ coll: z.string().optional() }).optional(),
  documentKey: z.object({ _id: z.unknown() }).optional(),
  lsid: z.object({ id: binarySchema }).optional(),
})

/** Reads an event as the server sent it (types not promoted); one that was split must have been put together. */
export function parseEvent(whole: Document): ChangeEvent {
  const event = eventSchema.parse(whole)
  const common = {
    token: parseToken(event._id),
    operation: event.operationType,
    clusterTime: event.clusterTime.toBigInt(),
  }
  const collection = event.ns?.coll
  if (event.documentKey === undefined || collection === undefined) {
    return { kind: 'collection', collection, ...common }
  }
  const lsid = event.lsid === undefined ? undefined : sessionBytes(event.lsid.id)
  return { kind: 'document', collection, id: event.documentKey._id, lsid, whole, ...common }
}
