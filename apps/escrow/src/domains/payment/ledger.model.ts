import type { EntityId } from '../../platform/ids.ts'
import type { Amount } from '../../platform/money.ts'
import type { Reference } from '../../platform/reference.ts'
import type { LedgerDirection, LedgerKind } from './vocabulary.ts'

/** One line of the funds ledger. Written once, never changed. */
export interface LedgerEntry {
  id: EntityId
  purchaseRequest: Reference | null
  payment: Reference | null
  kind: LedgerKind | (string & {}) | null
  amount: Amount | null
  currency: string | null
  direction: LedgerDirection | (string & {}) | null
  chainId: number | null
  txHash: string | null
  idempotencyKey: string | null
  reversesEntryId: EntityId | null
  /** The dispute whose hold it is. */
  disputeId: EntityId | null
  actor: string | null
  reason: string | null
  note: string | null
  createdBy: Reference | null
  /** The escrow's state when a release or refund began: a failed one falls back to it. */
  escrowStateBefore: string | null
  createdAt: Date | null
}

export interface NewLedgerEntry {
  id: EntityId
  purchaseRequest: Reference | null
  paymentId: EntityId
  kind: LedgerKind
  amount: Amount
  currency: string
  direction: LedgerDirection | null
  chainId: number | null
  txHash: string | null
  /** Names the cause: the same cause is entered once, whoever reports it. */
  idempotencyKey: string
  reversesEntryId: EntityId | null
  /** The dispute whose hold it is. */
  disputeId: EntityId | null
  /** The call that caused it. */
  requestId: string | null
  /** `user:<id>`, `system` or `webhook:<provider>`. */
  actor: string
  reason: string | null
  createdBy: Reference
  escrowStateBefore: string | null
  at: Date
}

/** Where an entry's metadata says that the escrow stood. */
export function escrowStateIn(metadata: unknown): string | null {
  if (typeof metadata !== 'object' || metadata === null || !('escrowStateBefore' in metadata)) return null
  const { escrowStateBefore } = metadata
  return typeof escrowStateBefore === 'string' ? escrowStateBefore : null
}

export function metadataOf(entry: NewLedgerEntry): { escrowStateBefore: string } | null {
  return entry.escrowStateBefore === null ? null : { escrowStateBefore: entry.escrowStateBefore }
}
