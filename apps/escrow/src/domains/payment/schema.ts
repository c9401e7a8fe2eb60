import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import {
  baseUnits,
  type Extra,
  entityColumns,
  entityId,
  enumCheck,
  instant,
  jsonValue,
  money,
  referenceCheck,
  referenceColumns,
} from '../../platform/columns.ts'
import {
  escrowStates,
  ledgerDirections,
  ledgerKinds,
  matchings,
  origins,
  paymentDirections,
  paymentProviders,
  paymentStatuses,
} from './vocabulary.ts'

/** Payments. Released and refunded amounts are sums over the ledger, never columns. */
export const payments = pgTable(
  'payments',
  {
    ...entityColumns(),
    ...referenceColumns('purchaseRequest'),
    ...referenceColumns('sellerOffer'),
    buyerId: entityId('buyer_id'),
    ...referenceColumns('seller'),
    amount: money('amount'),
    currency: text('currency'),
    provider: text('provider', { enum: paymentProviders }),
    providerPaymentId: text('provider_payment_id'),
    direction: text('direction', { enum: paymentDirections }),
    status: text('status', { enum: paymentStatuses }),
    escrowState: text('escrow_state', { enum: escrowStates }),
    disputed: boolean('disputed'),
    chainId: integer('chain_id'),
    token: text('token'),
    tokenDecimals: integer('token_decimals'),
    transactionHash: text('transaction_hash'),
    logIndex: integer('log_index'),
    recipient: text('recipient'),
    blockNumber: baseUnits('block_number'),
    blockHash: text('block_hash'),
    confirmations: integer('confirmations'),
    blockchain: jsonValue('blockchain'),
    metadata: jsonValue('metadata'),
    expiresAt: instant('expires_at'),
    confirmedAt: instant('confirmed_at'),
    receivedAmount: money('received_amount'),
    matching: text('matching', { enum: matchings }),
    idempotencyKey: text('idempotency_key'),
    ledgerComplete: boolean('ledger_complete'),
    origin: text('origin', { enum: origins }),
  },
  (table) => [
    index('payments_purchase_request_idx').on(table.purchaseRequestId),
    index('payments_buyer_idx').on(table.buyerId, table.createdAt.desc(), table.id),
    index('payments_seller_idx').on(table.sellerId),
    index('payments_status_idx').on(table.status, table.currency),
    index('payments_provider_idx').on(table.provider, table.direction),
    index('payments_direction_idx').on(table.direction),
    uniqueIndex('payments_provider_payment_key').on(table.provider, table.providerPaymentId),
    // Old rows repeat transaction hashes (partial settlements, SIM_ hashes): only payments whose ledger is known to
    // be whole, and those born here, are bound.
    uniqueIndex('payments_transaction_key')
      .on(table.chainId, table.transactionHash, sql`coalesce(${table.logIndex}, 0)`)
      .where(
        sql`${table.transactionHash} is not null and (${table.origin} = 'app' or ${table.ledgerComplete})`,
      ),
    uniqueIndex('payments_open_payin_key')
      .on(
        table.buyerId,
        sql`coalesce(${table.purchaseRequestId}::text, ${table.purchaseRequestExternalRef})`,
        sql`coalesce(${table.sellerOfferId}::text, ${table.sellerOfferExternalRef})`,
      )
      .where(sql`${table.direction} = 'in' and ${table.status} in ('pending', 'processing')`),
    uniqueIndex('payments_idempotency_key').on(table.buyerId, table.idempotencyKey),
    referenceCheck('payments', 'purchaseRequest', table),
    referenceCheck('payments', 'sellerOffer', table),
    referenceCheck('payments', 'seller', table),
    enumCheck('payments', 'provider', table.provider, paymentProviders),
    enumCheck('payments', 'direction', table.direction, paymentDirections),
    enumCheck('payments', 'status', table.status, paymentStatuses),
    enumCheck('payments', 'escrow_state', table.escrowState, escrowStates),
    enumCheck('payments', 'matching', table.matching, matchings),
    enumCheck('payments', 'origin', table.origin, origins),
  ],
)

/** What was quoted to the buyer: frozen when the intent was made, and never rated again. */
export const paymentQuotes = pgTable(
  'payment_quotes',
  {
    paymentId: entityId('payment_id')
      .notNull()
      .references(() => payments.id),
    ordinal: integer('ordinal').notNull(),
    extra: jsonb('extra').$type<Extra>(),
    amount: money('amount'),
    currency: text('currency'),
    rate: money('rate'),
    source: text('source'),
    priceVersion: integer('price_version'),
    quotedAt: instant('quoted_at'),
    expiresAt: instant('expires_at'),
  },
  (table) => [primaryKey({ name: 'payment_quotes_pkey', columns: [table.paymentId, table.ordinal] })],
)

/** The append-only ledger: a trigger that fires for every role refuses UPDATE, DELETE and TRUNCATE. */
export const fundsLedgerEntries = pgTable(
  'funds_ledger_entries',
  {
    ...entityColumns(),
    ...referenceColumns('purchaseRequest'),
    ...referenceColumns('payment'),
    paymentId: entityId('payment_id').references((): AnyPgColumn => payments.id),
    kind: text('kind', { enum: ledgerKinds }),
    amount: money('amount'),
    currency: text('currency'),
    direction: text('direction', { enum: ledgerDirections }),
    chainId: integer('chain_id'),
    txHash: text('tx_hash'),
    idempotencyKey: text('idempotency_key').unique('funds_ledger_entries_idempotency_key'),
    reversesEntryId: entityId('reverses_entry_id')
      .unique('funds_ledger_entries_reverses_key')
      .references((): AnyPgColumn => fundsLedgerEntries.id),
    disputeId: entityId('dispute_id'),
    requestId: text('request_id'),
    actor: text('actor'),
    reason: text('reason'),
    note: text('note'),
    metadata: jsonValue('metadata'),
    ...referenceColumns('createdBy'),
  },
  (table) => [
    index('funds_ledger_entries_payment_idx').on(table.paymentId, table.currency),
    index('funds_ledger_entries_request_idx').on(table.purchaseRequestId),
    referenceCheck('funds_ledger_entries', 'purchaseRequest', table),
    referenceCheck('funds_ledger_entries', 'payment', table),
    referenceCheck('funds_ledger_entries', 'createdBy', table),
    enumCheck('funds_ledger_entries', 'kind', table.kind, ledgerKinds),
    enumCheck('funds_ledger_entries', 'direction', table.direction, ledgerDirections),
    check('funds_ledger_entries_amount_check', sql`${table.amount} > 0`),
  ],
)
