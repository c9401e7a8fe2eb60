import type { EntityId } from '../../platform/ids.ts'
import type { LedgerEntry, NewLedgerEntry } from './ledger.model.ts'

/** The funds ledger in one store. There is no way to change or remove an entry. */
export interface LedgerRepository {
  /**
   * Raises LEDGER_ENTRY_EXISTS where the idempotency key was used or the entry was reversed before; Postgres
   * raises LEDGER_OVERDRAWN where a bucket of the payment would fall below zero.
   */
  append(entry: NewLedgerEntry): Promise<void>
  findByKey(idempotencyKey: string): Promise<LedgerEntry | null>
  /** Every entry of a payment, oldest first; the id breaks ties. Reads only. */
  entriesOf(paymentId: EntityId): Promise<LedgerEntry[]>
}
