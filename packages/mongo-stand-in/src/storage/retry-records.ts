import type { Document, Long, Timestamp } from 'bson'
import type { ClusterTime } from './cluster-clock.ts'
import type { WriteOrigin } from './log-entry.ts'

/** What must be known of a session after a restart, so that a retry is answered and not done again. */
export interface SessionState {
  readonly lsid: Document
  readonly txnNumber: Long
  readonly lastUse: Date
  /** When the number was committed as a transaction, if it was. */
  readonly committedAt?: Timestamp
  readonly statements: ReadonlyArray<{
    readonly number: number
    readonly result: Document
    readonly at: Timestamp
  }>
}

/** Whoever knows the sessions. The store keeps what they need across restarts. */
export interface RetryRecords {
  /** Takes over what the log says about a write of an earlier process. */
  replay(origin: WriteOrigin, wall: Date, at: ClusterTime): void
  /** Takes over what a checkpoint says. */
  restore(state: SessionState): void
  /** Forgets what was written after that time: it was rolled back, and a retry does it anew. */
  undoAfter(time: ClusterTime): void
  /** The state of this moment: what has been committed, and nothing of what is open. */
  capture(): SessionState[]
}
