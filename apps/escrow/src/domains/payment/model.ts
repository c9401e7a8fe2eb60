import type { EntityId } from '../../platform/ids.ts'
import type { Amount } from '../../platform/money.ts'
import type { Reference } from '../../platform/reference.ts'
import type {
  EscrowState,
  Matching,
  Origin,
  PaymentDirection,
  PaymentProvider,
  PaymentStatus,
} from './vocabulary.ts'

/** Where and how the money moved on its chain. */
export interface ChainFacts {
  chainId: number | null
  token: string | null
  tokenDecimals: number | null
  transactionHash: string | null
  logIndex: number | null
  recipient: string | null
  /** A whole number as text: chains count further than JavaScript does. */
  blockNumber: string | null
  blockHash: string | null
  confirmations: number | null
}

/** What was quoted when the intent was made. It is never rated again. */
export interface Quote {
  amount: Amount | null
  currency: string | null
  rate: Amount | null
  source: string | null
  priceVersion: number | null
  quotedAt: Date | null
  expiresAt: Date | null
}

/** A payment. Old documents may have words of their own where a vocabulary is closed, and nothing where one is due. */
export interface Payment {
  id: EntityId
  purchaseRequest: Reference | null
  sellerOffer: Reference | null
  buyerId: EntityId | null
  seller: Reference | null
  amount: Amount | null
  currency: string | null
  provider: PaymentProvider | (string & {}) | null
  providerPaymentId: string | null
  direction: PaymentDirection | (string & {}) | null
  status: PaymentStatus | (string & {}) | null
  escrowState: EscrowState | (string & {}) | null
  disputed: boolean | null
  chain: ChainFacts
  quote: Quote | null
  expiresAt: Date | null
  confirmedAt: Date | null
  receivedAmount: Amount | null
  matching: Matching | (string & {}) | null
  /** Whether the ledger holds every movement of this payment: older ones were paid before there was a ledger. */
  ledgerComplete: boolean | null
  origin: Origin | (string & {}) | null
  createdAt: Date | null
  updatedAt: Date | null
}

export interface NewPayment {
  id: EntityId
  purchaseRequestId: EntityId
  sellerOfferId: EntityId
  buyerId: EntityId
  sellerId: EntityId
  amount: Amount
  currency: string
  provider: PaymentProvider
  providerPaymentId: string
  chainId: number
  token: string
  tokenDecimals: number
  quote: { [Field in keyof Quote]: NonNullable<Quote[Field]> }
  expiresAt: Date
  at: Date
}

/** Fields that a command may change; absent ones stay as they are. */
export interface PaymentPatch {
  status?: PaymentStatus
  escrowState?: EscrowState
  disputed?: boolean
  transactionHash?: string
  logIndex?: number
  blockNumber?: string
  confirmations?: number
  confirmedAt?: Date
  receivedAmount?: Amount
  matching?: Matching
}

export interface PaymentFilter {
  buyerId?: EntityId
  /** As the payment's seller. */
  sellerId?: EntityId
  purchaseRequest?: Reference
  status?: string
  provider?: string
  direction?: string
}

/** Payments of one status and currency. Amounts that are no exact numbers count as payments but add nothing. */
export interface Volume {
  status: string | null
  currency: string | null
  count: number
  amount: Amount
}

/** Payments that were made on one day (UTC), by provider; currencies are never added up. */
export interface DailyVolume {
  /** Such as 2026-03-01. */
  day: string
  provider: string | null
  currency: string | null
  count: number
  amount: Amount
}
