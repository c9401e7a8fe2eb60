import { type EntityId, publicId } from '../../platform/ids.ts'
import type { LedgerEntry } from './ledger.model.ts'
import type { LedgerBook } from './ledger-book.ts'

/** Names a payout's entry: each payout of a payment has a number, and its beginning and its failure share it. */
export function payoutKey(kind: string, id: EntityId, number: number): string {
  return `${kind}:${publicId(id)}:${number}`
}

export function entryOf(book: LedgerBook, idempotencyKey: string): LedgerEntry | undefined {
  return book.entries.find((entry) => entry.idempotencyKey === idempotencyKey)
}
