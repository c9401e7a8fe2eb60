import type { Document } from 'bson'
import { decodeDocument } from '../bson/decode.ts'
import type { ClusterTime } from './cluster-clock.ts'
import type { WriteUnit } from './write-unit.ts'

/** One committed state of a record. `raw` is null where the document was deleted at that time. */
export interface Version {
  readonly raw: Uint8Array | null
  readonly at: ClusterTime
  /** What an older snapshot still sees; undefined once no snapshot needs it. */
  previous: Version | undefined
}

/** One `_id` of a collection, with its committed states and the open transaction that has written it, if any. */
export interface StoredRecord {
  readonly id: unknown
  head: Version | undefined
  lock: WriteUnit | undefined
}

/** The state that a read sees: a transaction's own writes over its snapshot, a point in time, or the newest. */
export interface ReadView {
  readonly unit?: WriteUnit
  readonly at?: ClusterTime
}

export const LATEST: ReadView = {}

/** The record's bytes as the view sees them; null if it holds no document there. */
export function visibleRaw(record: StoredRecord, view: ReadView): Uint8Array | null {
  if (view.unit !== undefined && record.lock === view.unit) {
    const staged = view.unit.staged.get(record)
    if (staged !== undefined) return staged.raw
  }
  const at = view.unit?.snapshot ?? view.at
  let version = record.head
  if (at !== undefined) while (version !== undefined && version.at > at) version = version.previous
  return version?.raw ?? null
}

/** Every document that an index must lead to: all committed states that are kept, and the staged one. */
export function reachableDocuments(record: StoredRecord): Document[] {
  const documents: Document[] = []
  for (let version = record.head; version !== undefined; version = version.previous) {
    if (version.raw !== null) documents.push(decodeDocument(version.raw))
  }
  const staged = record.lock?.staged.get(record)?.document
  if (staged !== undefined && staged !== null) documents.push(staged)
  return documents
}

/** Whether the record has exactly one state, so that its index entries need no second look. */
export function isSettled(record: StoredRecord): boolean {
  return record.lock === undefined && record.head?.previous === undefined
}
