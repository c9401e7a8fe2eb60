import type { GrowingChanges } from './growing-changes.ts'

/** Who asks for a mirror: decides how it reads and how long it waits. */
export type MirrorReason = 'inline' | 'capture' | 'reconcile' | 'repair' | 'backfill'

export type MirrorOutcome =
  | 'mirrored'
  | 'deleted'
  /** Not confirmed; noted as a gap wherever Postgres could be reached. */
  | 'gap'
  | 'quarantined'
  /** The unit's mirrors do not go to Postgres at present; nothing was written. */
  | 'wrong-phase'
  /** An entry of an append-only collection has changed or vanished: listed as a difference, not mirrored. */
  | 'finding'

export interface MirrorResult {
  id: unknown
  outcome: MirrorOutcome
}

export interface MirrorOptions {
  reason: MirrorReason
  /** The read of the source sees everything up to this cluster time. */
  afterClusterTime?: bigint
  /**
   * What may have changed in the growing arrays of these documents, by `idKey`; who is not named is mirrored whole, and
   * so is whoever cannot be mirrored in parts.
   */
  changes?: ReadonlyMap<string, GrowingChanges>
  /** The caller gets `gap` for whatever is not done by then; the attempt itself goes on. */
  deadlineMs?: number
}
