import { asc, eq, sql } from 'drizzle-orm'
import { bornAt, readReference, referenceValues } from '../../platform/columns.ts'
import type { Database } from '../../platform/database.ts'
import { keptText } from '../../platform/extra.ts'
import { readAmount } from '../../platform/money.ts'
import { violates } from '../../platform/postgres-error.ts'
import { entityReference } from '../../platform/reference.ts'
import { ledgerEntryExists } from './errors.ts'
import type { LedgerEntry } from './ledger.model.ts'
import type { LedgerRepository } from './ledger.repository.ts'
import { fundsLedgerEntries } from './schema.ts'

/** The funds ledger in Postgres. */
export function createLedgerRepository(db: Database): LedgerRepository {
  return {
    async append(entry) {
      try {
        await db.insert(fundsLedgerEntries).values({
          ...entry,
          ...bornAt(entry.id, entry.at),
          ...referenceValues('purchaseRequest', entry.purchaseRequest),
          ...referenceValues('payment', entityReference(entry.paymentId)),
          ...referenceValues('createdBy', entry.createdBy),
        })
      } catch (error) {
        const taken =
          violates(error, 'funds_ledger_entries_idempotency_key') ||
          violates(error, 'funds_ledger_entries_reverses_key')
        if (taken) throw ledgerEntryExists(error)
        throw error
      }
    },

    async findByKey(idempotencyKey) {
      const [row] = await db
        .select()
        .from(fundsLedgerEntries)
        .where(eq(fundsLedgerEntries.idempotencyKey, idempotencyKey))
      return row === undefined ? null : entryOf(row)
    },

    async entriesOf(paymentId) {
      const rows = await db
        .select()
        .from(fundsLedgerEntries)
        .where(eq(fundsLedgerEntries.paymentId, paymentId))
        .orderBy(sql`${fundsLedgerEntries.createdAt} asc nulls first`, asc(fundsLedgerEntries.id))
      return rows.map(entryOf)
    },
  }
}

function entryOf(row: typeof fundsLedgerEntries.$inferSelect): LedgerEntry {
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
    actor: shown(row.actor, 'actor'),
    reason: shown(row.reason, 'reason'),
    note: shown(row.note, 'note'),
    createdBy: readReference(row.createdByRefKind, row.createdById, row.createdByExternalRef),
    createdAt: row.createdAt,
  }
}
