import type { Document } from 'bson'
import type { ClusterTime } from './cluster-clock.ts'
import type { Collection } from './collection.ts'
import type { KeptDocument } from './kept-bytes.ts'
import type { StoredRecord } from './stored-record.ts'

export type WriteKind = 'insert' | 'update' | 'replace' | 'delete'

/** What a unit has made of a record so far. */
export interface Staged {
  readonly collection: Collection
  readonly raw: KeptDocument | null
  readonly document: Document | null
}

/** One write in the order in which it was done: becomes a line of the log and a change event. */
export interface WriteOperation {
  readonly collection: Collection
  readonly kind: WriteKind
  /** A document with the `_id` of what was written. */
  readonly key: KeptDocument
  readonly raw: KeptDocument | null
  /** What was there before, where the collection keeps images. */
  readonly before: KeptDocument | null
  /** What an update changed, as change streams tell it. */
  readonly description: Document | null
}

/** The writes that become visible at once: a multi-document transaction, or a single write outside of one. */
export interface WriteUnit {
  readonly snapshot: ClusterTime
  readonly staged: Map<StoredRecord, Staged>
  readonly operations: WriteOperation[]
  /** Collections that the unit has created and that nobody else sees yet. */
  readonly created: Map<string, Collection>
  /** Settled when the unit has committed or rolled back: who met one of its locks may try again then. */
  readonly ended: Promise<void>
  readonly end: () => void
}

export function createWriteUnit(snapshot: ClusterTime): WriteUnit {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { snapshot, staged: new Map(), operations: [], created: new Map(), ended: promise, end: resolve }
}
