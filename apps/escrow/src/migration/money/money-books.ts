import type { AnyPgColumn, PgTable } from 'drizzle-orm/pg-core'
import {
  fundsLedgerEntries as ledgerMapping,
  payments as paymentsMapping,
} from '../../domains/payment/legacy/mapping.ts'
import { fundsLedgerEntries, payments } from '../../domains/payment/schema.ts'

/** A column and the path of the old document that it came from, under which the row keeps what fits no column. */
export interface BookField {
  path: string
  column: AnyPgColumn
}

/** Where money stands in both stores, and by which words it is told apart, beside day and currency. */
export interface MoneyBook {
  collection: string
  table: PgTable
  extra: AnyPgColumn
  day: BookField
  words: Readonly<Record<string, BookField>>
  currency: BookField
  amount: BookField
}

export const moneyBooks: readonly MoneyBook[] = [
  {
    collection: paymentsMapping.collection,
    table: payments,
    extra: payments.extra,
    day: { path: 'createdAt', column: payments.createdAt },
    words: {
      provider: { path: 'provider', column: payments.provider },
      status: { path: 'status', column: payments.status },
    },
    currency: { path: 'amount.currency', column: payments.currency },
    amount: { path: 'amount.amount', column: payments.amount },
  },
  {
    collection: ledgerMapping.collection,
    table: fundsLedgerEntries,
    extra: fundsLedgerEntries.extra,
    day: { path: 'createdAt', column: fundsLedgerEntries.createdAt },
    words: {
      kind: { path: 'kind', column: fundsLedgerEntries.kind },
      direction: { path: 'direction', column: fundsLedgerEntries.direction },
    },
    currency: { path: 'currency', column: fundsLedgerEntries.currency },
    amount: { path: 'amount', column: fundsLedgerEntries.amount },
  },
]
