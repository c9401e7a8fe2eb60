import { readReference } from '../../platform/columns.ts'
import { keptText } from '../../platform/extra.ts'
import { type Amount, readAmount } from '../../platform/money.ts'
import type { Payment, Quote } from './model.ts'
import type { paymentQuotes, payments } from './schema.ts'

export type PaymentRow = typeof payments.$inferSelect
export type QuoteRow = typeof paymentQuotes.$inferSelect

/** The payment that a row tells; where a column is null, old words that the row keeps beside it are shown. */
export function paymentOf(row: PaymentRow, quote: QuoteRow | null): Payment {
  const shown = (column: string | null, path: string) => column ?? keptText(row.extra, path)
  return {
    id: row.id,
    purchaseRequest: readReference(
      row.purchaseRequestRefKind,
      row.purchaseRequestId,
      row.purchaseRequestExternalRef,
    ),
    sellerOffer: readReference(row.sellerOfferRefKind, row.sellerOfferId, row.sellerOfferExternalRef),
    buyerId: row.buyerId,
    seller: readReference(row.sellerRefKind, row.sellerId, row.sellerExternalRef),
    amount: canonical(row.amount),
    currency: shown(row.currency, 'amount.currency'),
    provider: shown(row.provider, 'provider'),
    providerPaymentId: shown(row.providerPaymentId, 'providerPaymentId'),
    direction: shown(row.direction, 'direction'),
    status: shown(row.status, 'status'),
    escrowState: shown(row.escrowState, 'escrowState'),
    disputed: row.disputed,
    chain: {
      chainId: row.chainId,
      token: shown(row.token, 'blockchain.token'),
      tokenDecimals: row.tokenDecimals,
      transactionHash: shown(row.transactionHash, 'blockchain.transactionHash'),
      logIndex: row.logIndex,
      recipient: shown(row.recipient, 'blockchain.recipient'),
      blockNumber: row.blockNumber,
      blockHash: shown(row.blockHash, 'blockchain.blockHash'),
      confirmations: row.confirmations,
    },
    quote: quote === null ? null : quoteOf(quote),
    expiresAt: row.expiresAt,
    confirmedAt: row.confirmedAt,
    receivedAmount: canonical(row.receivedAmount),
    matching: shown(row.matching, 'matching'),
    ledgerComplete: row.ledgerComplete,
    origin: shown(row.origin, 'origin'),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

function quoteOf(row: QuoteRow): Quote {
  return {
    amount: canonical(row.amount),
    currency: row.currency ?? keptText(row.extra, 'currency'),
    rate: canonical(row.rate),
    source: row.source ?? keptText(row.extra, 'source'),
    priceVersion: row.priceVersion,
    quotedAt: row.quotedAt,
    expiresAt: row.expiresAt,
  }
}

/** The driver hands `numeric` over with all its zeros. */
function canonical(amount: Amount | null): Amount | null {
  return amount === null ? null : readAmount(amount)
}
