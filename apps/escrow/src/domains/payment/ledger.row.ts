import { readReference } from '../../platform/columns.ts'
import { keptText } from '../../platform/extra.ts'
import { readAmount } from '../../platform/money.ts'
import { escrowStateIn, type LedgerEntry } from './ledger.model.ts'
import type { fundsLedgerEntries } from './schema.ts'

/** The entry that a row tells; where a column is null, old words that the row keeps beside it are shown. */
export function entryOf(row: typeof fundsLedgerEntries.$inferSelect): LedgerEntry {
  const shown = (column: string | null, path: string) => column ?? keptText(row.extra, path)
  return {
    id: row.id,
    purchaseRequest: readReference(
      row.purchaseRequestRefKind,
      row.purchaseRequestId,
      row.purchaseRequestExternalRef,
    ),
    payment: readReference(row.paymentRefKind, row.paymentId, row.paymentExternalRef),
    kind: shown(row.kind, 'kind'),
    amount: row.amount === null ? null : readAmount(row.amount),
    currency: shown(row.currency, 'currency'),
    direction: shown(row.direction, 'direction'),
    chainId: row.chainId,
    txHash: shown(row.txHash, 'txHash'),
    idempotencyKey: shown(row.idempotencyKey, 'idempotencyKey'),
    reversesEntryId: row.reversesEntryId,
    disputeId: row.disputeId,
    actor: shown(row.actor, 'actor'),
    reason: shown(row.reason, 'reason'),
    note: shown(row.note, 'note'),
    createdBy: readReference(row.createdByRefKind, row.createdById, row.createdByExternalRef),
    escrowStateBefore: escrowStateIn(row.metadata),
    createdAt: row.createdAt,
  }
}
