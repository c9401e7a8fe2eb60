import {
  lenientAmount,
  lenientBaseUnits,
  lenientBoolean,
  lenientDate,
  lenientDocument,
  lenientDocuments,
  lenientId,
  lenientInteger,
  lenientReference,
  lenientText,
  objectIdOf,
} from '../../../migration/lenient.ts'
import { storedAmount } from '../../../migration/stored-amount.ts'
import { parseId } from '../../../platform/ids.ts'
import type { Reference } from '../../../platform/reference.ts'
import type { NewPayment, Payment, Quote } from '../model.ts'
import type { PaymentDocument } from './model.mongo.ts'

/** The payment that a document tells, whatever lies in it. */
export function paymentOf(document: PaymentDocument): Payment {
  const amount = lenientDocument(document.amount)
  const chain = lenientDocument(document.blockchain)
  return {
    id: parseId(document._id.toHexString()),
    purchaseRequest: lenientReference(document.purchaseRequestId),
    sellerOffer: lenientReference(document.sellerOfferId),
    buyerId: lenientId(document.buyerId),
    seller: lenientReference(document.sellerId),
    amount: lenientAmount(amount.amount),
    currency: lenientText(amount.currency),
    provider: lenientText(document.provider),
    providerPaymentId: lenientText(document.providerPaymentId),
    direction: lenientText(document.direction),
    status: lenientText(document.status),
    escrowState: lenientText(document.escrowState),
    disputed: lenientBoolean(document.disputed),
    chain: {
      chainId: lenientInteger(chain.chainId),
      token: lenientText(chain.token),
      tokenDecimals: lenientInteger(chain.tokenDecimals),
      transactionHash: lenientText(chain.transactionHash),
      logIndex: lenientInteger(chain.logIndex),
      recipient: lenientText(chain.recipient),
      blockNumber: lenientBaseUnits(chain.blockNumber),
      blockHash: lenientText(chain.blockHash),
      confirmations: lenientInteger(chain.confirmations),
    },
    quote: quoteOf(document.quote),
    expiresAt: lenientDate(document.expiresAt),
    confirmedAt: lenientDate(document.confirmedAt),
    receivedAmount: lenientAmount(document.receivedAmount),
    matching: lenientText(document.matching),
    ledgerComplete: lenientBoolean(document.ledgerComplete),
    origin: lenientText(document.origin),
    createdAt: lenientDate(document.createdAt),
    updatedAt: lenientDate(document.updatedAt),
  }
}

/** The document of a new pay-in. */
export function documentOf(payment: NewPayment): Record<string, unknown> {
  const { quote } = payment
  return {
    _id: objectIdOf(payment.id),
    purchaseRequestId: objectIdOf(payment.purchaseRequestId),
    sellerOfferId: objectIdOf(payment.sellerOfferId),
    buyerId: objectIdOf(payment.buyerId),
    sellerId: objectIdOf(payment.sellerId),
    amount: { amount: storedAmount(payment.amount), currency: payment.currency },
    provider: payment.provider,
    providerPaymentId: payment.providerPaymentId,
    direction: 'in',
    status: 'pending',
    escrowState: 'none',
    blockchain: { chainId: payment.chainId, token: payment.token, tokenDecimals: payment.tokenDecimals },
    quote: { ...quote, amount: storedAmount(quote.amount), rate: storedAmount(quote.rate) },
    expiresAt: payment.expiresAt,
    ledgerComplete: true,
    origin: 'app',
    createdAt: payment.at,
    updatedAt: payment.at,
  }
}

/** How a reference is stored: an entity's id as ObjectId, anything else as its text. */
export function storedReference(reference: Reference | null) {
  if (reference === null) return null
  return reference.kind === 'entity' ? objectIdOf(reference.id) : reference.external
}

function quoteOf(value: unknown): Quote | null {
  const [quote] = lenientDocuments([value])
  if (quote === undefined) return null
  return {
    amount: lenientAmount(quote.amount),
    currency: lenientText(quote.currency),
    rate: lenientAmount(quote.rate),
    source: lenientText(quote.source),
    priceVersion: lenientInteger(quote.priceVersion),
    quotedAt: lenientDate(quote.quotedAt),
    expiresAt: lenientDate(quote.expiresAt),
  }
}
