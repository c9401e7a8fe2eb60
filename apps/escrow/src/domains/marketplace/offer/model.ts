import type { EntityId } from '../../../platform/ids.ts'
import type { Amount } from '../../../platform/money.ts'
import type { DeliveryTimeUnit, OfferCurrency, OfferStatus } from './vocabulary.ts'

/** A seller's offer on a purchase request. Words of the past may stand where a vocabulary is closed. */
export interface SellerOffer {
  id: EntityId
  sellerId: EntityId | null
  purchaseRequestId: EntityId | null
  title: string | null
  description: string | null
  price: { amount: Amount | null; currency: OfferCurrency | (string & {}) | null }
  /** Grows with each change of the price; an intent remembers which version it froze. */
  priceVersion: number | null
  deliveryTime: { amount: number | null; unit: DeliveryTimeUnit | (string & {}) | null }
  status: OfferStatus | (string & {}) | null
  attachments: string[]
  notes: string | null
  validUntil: Date | null
  requireAmlCheck: boolean | null
  amlBlockOnFailure: boolean | null
  createdAt: Date | null
  updatedAt: Date | null
}

export interface NewSellerOffer {
  id: EntityId
  sellerId: EntityId
  purchaseRequestId: EntityId
  title: string
  description: string
  price: { amount: Amount; currency: OfferCurrency }
  deliveryTime: { amount: number; unit: DeliveryTimeUnit }
  attachments: string[]
  notes: string | null
  validUntil: Date | null
  requireAmlCheck: boolean
  amlBlockOnFailure: boolean
  at: Date
}

/** The offers of one request in one currency. Those without an exact price count, but have no part in the prices. */
export interface OfferPrices {
  purchaseRequestId: EntityId
  currency: string | null
  count: number
  least: Amount | null
  /** Cut at 18 decimals. */
  average: Amount | null
}

export interface SellerOrders {
  sellerId: EntityId
  /** Completed requests that chose an offer of this seller. */
  completed: number
}

export interface OfferStatusCount {
  status: string | null
  count: number
}
