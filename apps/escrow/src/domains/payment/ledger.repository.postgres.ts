import { asc, eq, sql } from 'drizzle-orm'
import { bornAt, referenceValues } from '../../platform/columns.ts'
import type { Database } from '../../platform/database.ts'
import { violates } from '../../platform/postgres-error.ts'
import { entityReference } from '../../platform/reference.ts'
import { ledgerEntryExists, ledgerOverdrawn } from './errors.ts'
import { metadataOf } from './ledger.model.ts'
import type { LedgerRepository } from './ledger.repository.ts'
import { entryOf } from './ledger.row.ts'
import { fundsLedgerEntries } from './schema.ts'

/** The funds ledger in Postgres. */
export function createLedgerRepository(db: Database): LedgerRepository {
  return {
    async append(entry) {
      try {
        await db.insert(fundsLedgerEntries).values({
          ...entry,
          ...bornAt(entry.id, entry.at),
          metadata: metadataOf(entry),
          ...referenceValues('purchaseRequest', entry.purchaseRequest),
          ...referenceValues('payment', entityReference(entry.paymentId)),
          ...referenceValues('createdBy', entry.createdBy),
        })
      } catch (error) {
        const taken =
          violates(error, 'funds_ledger_entries_idempotency_key') ||
          violates(error, 'funds_ledger_entries_reverses_key')
        if (taken) throw ledgerEntryExists(error)
        if (violates(error, 'funds_ledger_entries_balance')) throw ledgerOverdrawn(error)
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
