import type { Document } from 'bson'
import type { ClusterTime } from './cluster-clock.ts'
import { decodeKept, type KeptDocument } from './kept-bytes.ts'
import type { WriteUnit } from './write-unit.ts'

/** What a record held from a time on. */
interface State {
  /** Null where the document was deleted, or not yet inserted. */
  document: KeptDocument | null
  at: ClusterTime
  /** What an older snapshot still sees; undefined once no snapshot needs it. */
  previous: Superseded | undefined
}

/** A state that another one has taken the place of. */
export interface Superseded extends State {
  /** The state that holds this one as its `previous`. */
  by: State
}

/**
 * One `_id` of a collection: its newest committed state, with the older ones behind it, and the open transaction that has
 * written it, if any. Every document costs one of these, so the newest state is not an object of its own, and the `_id`
 * is not decoded.
 */
export interface StoredRecord extends State {
  /** Grows with every record of the collection: the order in which a scan without an index returns them. */
  readonly number: number
  /** The bytes of some state, committed or not, to read the `_id` from, which never changes. */
  key: KeptDocument
  lock: WriteUnit | undefined
}

/** The time of a record that has no committed state yet: before every other. */
export const NEVER: ClusterTime = 0n

export function newRecord(number: number, key: KeptDocument): StoredRecord {
  return { document: null, at: NEVER, previous: undefined, number, key, lock: undefined }
}

/** Makes a state the newest; the one before it, if there is any, stays behind it and is returned. */
export function commitState(
  record: StoredRecord,
  document: KeptDocument | null,
  at: ClusterTime,
): Superseded | undefined {
  const older: Superseded | undefined =
    record.at === NEVER
      ? undefined
      : { document: record.document, at: record.at, previous: record.previous, by: record }
  if (older?.previous !== undefined) older.previous.by = older
  record.previous = older
  record.document = document
  record.at = at
  record.lock = undefined
  if (document !== null) record.key = document
  return older
}

/** Takes back every state from after a time and returns their documents, the newest first. */
export function revertState(record: StoredRecord, to: ClusterTime): Array<KeptDocument | null> {
  const undone: Array<KeptDocument | null> = []
  let state: State | undefined = record
  for (; state !== undefined && state.at > to; state = state.previous) undone.push(state.document)
  if (state === record) return undone
  record.document = state?.document ?? null
  record.at = state?.at ?? NEVER
  record.previous = state?.previous
  if (record.previous !== undefined) record.previous.by = record
  return undone
}

/** Whether nothing is left of the record: no document, no older state, nobody who is writing one. */
export function isEmpty(record: StoredRecord): boolean {
  return record.document === null && record.previous === undefined && record.lock === undefined
}

/** The state that a read sees: a transaction's own writes over its snapshot, a point in time, or the newest. */
export interface ReadView {
  readonly unit?: WriteUnit
  readonly at?: ClusterTime
}

export const LATEST: ReadView = {}

/** The record's document as the view sees it; null if it holds none there. */
export function visibleDocument(record: StoredRecord, view: ReadView): KeptDocument | null {
  if (view.unit !== undefined && record.lock === view.unit) {
    const staged = view.unit.staged.get(record)
    if (staged !== undefined) return staged.raw
  }
  const at = view.unit?.snapshot ?? view.at
  let state: State | undefined = record
  if (at !== undefined) while (state !== undefined && state.at > at) state = state.previous
  return state?.document ?? null
}

/** Every document that an index must lead to: all committed states that are kept, and the staged one. */
export function reachableDocuments(record: StoredRecord): Document[] {
  const documents: Document[] = []
  for (let state: State | undefined = record; state !== undefined; state = state.previous) {
    if (state.document !== null) documents.push(decodeKept(state.document))
  }
  const staged = record.lock?.staged.get(record)?.document
  if (staged !== undefined && staged !== null) documents.push(staged)
  return documents
}

/** Whether the record has exactly one state, so that its index entries need no second look. */
export function isSettled(record: StoredRecord): boolean {
  return record.lock === undefined && record.previous === undefined
}
