import type { Document, Long } from 'bson'
import type { WriteOrigin } from './log-entry.ts'

/** What must be known of a session after a restart, so that a retry is answered and not done again. */
export interface SessionState {
  readonly lsid: Document
  readonly txnNumber: Long
  readonly lastUse: Date
  /** Whether the number was committed as a transaction. */
  readonly committed: boolean
  readonly statements: ReadonlyArray<{ readonly number: number; readonly result: Document }>
}

/** Whoever knows the sessions. The store keeps what they need across restarts. */
export interface RetryRecords {
  /** Takes over what the log says about a write of an earlier process. */
  replay(origin: WriteOrigin, at: Date): void
  /** Takes over what a checkpoint says. */
  restore(state: SessionState): void
  /** The state of this moment: what has been committed, and nothing of what is open. */
  capture(): SessionState[]
}
