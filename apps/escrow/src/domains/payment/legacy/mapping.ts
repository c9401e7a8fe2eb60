import { defineMapping, integer, json, money, objectId, reference, row, text } from 'landbridge/mapping'
import { sellerOffers } from '../../marketplace/offer/schema.ts'
import { purchaseRequests } from '../../marketplace/request/schema.ts'
import { users } from '../../user/schema.ts'
import { fundsLedgerEntries as ledgerTable, paymentQuotes, payments as table } from '../schema.ts'

/** `payments`, with the embedded quote in a table of its own. */
export const payments = defineMapping({
  unit: 'payment',
  collection: 'payments',
  table,
  fields: {
    purchaseRequestId: reference(table, 'purchaseRequest', { to: () => purchaseRequests, orphan: 'keep' }),
    sellerOfferId: reference(table, 'sellerOffer', { to: () => sellerOffers, orphan: 'keep' }),
    sellerId: reference(table, 'seller', { to: () => users, orphan: 'keep' }),
    buyerId: objectId(table.buyerId, { to: () => users, orphan: 'keep' }),
    'amount.amount': money(table.amount),
    'amount.currency': text(table.currency),
    'blockchain.chainId': integer(table.chainId),
    'blockchain.token': text(table.token),
    'blockchain.tokenDecimals': integer(table.tokenDecimals),
    'blockchain.transactionHash': text(table.transactionHash),
    'blockchain.logIndex': integer(table.logIndex),
    'blockchain.recipient': text(table.recipient),
    'blockchain.blockNumber': money(table.blockNumber),
    'blockchain.blockHash': text(table.blockHash),
    'blockchain.confirmations': integer(table.confirmations),
    // Network, sender and whatever else the providers of the past wrote.
    blockchain: json(table.blockchain),
  },
  children: { quote: row(paymentQuotes) },
  uniques: {
    payments_provider_payment_key: { paths: ['providerPaymentId'], outcome: 'extra' },
    payments_transaction_key: { paths: ['blockchain.transactionHash'], outcome: 'extra' },
    payments_open_payin_key: { paths: ['status'], outcome: 'extra' },
    payments_idempotency_key: { paths: ['idempotencyKey'], outcome: 'extra' },
  },
})

/** `fundsledgerentries`: entries are only ever added. */
export const fundsLedgerEntries = defineMapping({
  unit: 'payment',
  collection: 'fundsledgerentries',
  table: ledgerTable,
  appendOnly: true,
  fields: {
    purchaseRequestId: reference(ledgerTable, 'purchaseRequest', {
      to: () => purchaseRequests,
      orphan: 'keep',
    }),
    paymentId: reference(ledgerTable, 'payment', { to: () => table, orphan: 'keep' }),
    createdBy: reference(ledgerTable, 'createdBy', { to: () => users, orphan: 'keep' }),
    amount: money(ledgerTable.amount, { exclusiveMin: '0' }),
  },
  uniques: {
    funds_ledger_entries_idempotency_key: { paths: ['idempotencyKey'], outcome: 'extra' },
    funds_ledger_entries_reverses_key: { paths: ['reversesEntryId'], outcome: 'extra' },
  },
})
