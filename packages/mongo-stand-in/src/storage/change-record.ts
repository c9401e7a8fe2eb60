import type { Document, Long, UUID } from 'bson'
import type { ClusterTime } from './cluster-clock.ts'
import type { KeptDocument } from './kept-bytes.ts'
import type { CatalogChange } from './log-entry.ts'
import type { WriteKind } from './write-unit.ts'

/** What several changes have in common. Those of one kind in one collection share an object. */
export interface ChangeSubject {
  readonly type: WriteKind | CatalogChange
  readonly ns: string
  readonly uuid: UUID | undefined
}

/** What few changes have. */
export interface ChangeExtras {
  /** The state before an update or a delete, where the collection keeps images. */
  readonly before?: KeptDocument | null
  readonly description?: Document | null
  /** Of a multi-document transaction only: retryable writes do not show theirs, as on a mongod. */
  readonly transaction?: { readonly lsid: Document; readonly txnNumber: Long }
  /** What a catalog change did. */
  readonly detail?: Document
}

/** One thing that happened, as change streams need it. Several of one time, which a transaction has, differ in `part`. */
export interface ChangeRecord extends ChangeSubject, ChangeExtras {
  readonly time: ClusterTime
  readonly part: number
  readonly wall: Date
  /** A document with the `_id` of what was written. Undefined for changes of the catalog. */
  readonly key?: KeptDocument
  /** The whole new state, where the change tells it. */
  readonly raw?: KeptDocument | null
}
