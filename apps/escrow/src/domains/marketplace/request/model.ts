import type { EntityId } from '../../../platform/ids.ts'
import type { Amount } from '../../../platform/money.ts'
import type { BudgetCurrency, DeliveryType, ProductType, RequestStatus, Urgency } from './vocabulary.ts'

/** A word of a closed vocabulary, or whatever else an old document has in its place. */
export type Word<Known extends string> = Known | (string & {})

export interface Budget {
  min: Amount | null
  max: Amount | null
  currency: Word<BudgetCurrency> | null
}

/** What was asked to be delivered, and the code by which the seller proves the handover. */
export interface Delivery {
  type: Word<DeliveryType> | null
  address: unknown
  email: string | null
  /** As stored: an HMAC, or a plain code of the past. Never leaves the service. */
  code: string | null
  codeGeneratedAt: Date | null
  codeExpiresAt: Date | null
  codeUsed: boolean | null
  codeUsedAt: Date | null
  date: Date | null
}

/** A purchase request without the lists that hang on it: what listings show. */
export interface PurchaseRequestSummary {
  id: EntityId
  buyerId: EntityId | null
  title: string | null
  description: string | null
  categoryId: EntityId | null
  productType: Word<ProductType> | null
  productLink: string | null
  size: string | null
  color: string | null
  brand: string | null
  quantity: number | null
  budget: Budget
  urgency: Word<Urgency> | null
  status: Word<RequestStatus> | null
  isPublic: boolean | null
  selectedOfferId: EntityId | null
  shippedAt: Date | null
  delivery: Delivery
  releaseHold: boolean | null
  disputed: boolean | null
  templateId: EntityId | null
  cancelReason: string | null
  cancelledBy: EntityId | null
  completedAt: Date | null
  inspectionEndsAt: Date | null
  createdAt: Date | null
  updatedAt: Date | null
}

export interface Specification {
  key: string | null
  value: string | null
  label: string | null
}

export interface Attachment {
  url: string | null
  name: string | null
  mime: string | null
  size: number | null
}

export interface DeliveryAttempt {
  /** As stored: an HMAC, or a plain code of the past. */
  code: string | null
  attemptedBy: EntityId | null
  at: Date | null
  success: boolean | null
  ip: string | null
}

/** One move of the request; `by` is null where the system made it. */
export interface StatusChange {
  from: string | null
  to: string | null
  by: EntityId | null
  reason: string | null
  at: Date | null
}

export interface TrackingEvent {
  status: string | null
  description: string | null
  location: string | null
  at: Date | null
}

/** A purchase request with everything that hangs on it. */
export interface PurchaseRequest extends PurchaseRequestSummary {
  specifications: Specification[]
  preferredSellerIds: EntityId[]
  attachments: Attachment[]
  tags: string[]
  deliveryAttempts: DeliveryAttempt[]
  statusHistory: StatusChange[]
  trackingEvents: TrackingEvent[]
}

/** What a new request is made of; the rest of it begins empty. */
export interface NewPurchaseRequest {
  id: EntityId
  buyerId: EntityId
  title: string
  description: string
  categoryId: EntityId
  productType: ProductType
  productLink: string | null
  size: string | null
  color: string | null
  brand: string | null
  quantity: number
  budget: { min: Amount | null; max: Amount | null; currency: BudgetCurrency }
  urgency: Urgency
  status: RequestStatus
  isPublic: boolean
  deliveryType: DeliveryType
  deliveryAddress: Record<string, string> | null
  deliveryEmail: string | null
  specifications: Specification[]
  preferredSellerIds: EntityId[]
  attachments: Attachment[]
  tags: string[]
  /** The template that a checkout made it of. */
  templateId?: EntityId
  at: Date
}

/** Fields that a command may change; absent ones stay as they are, null empties one. */
export interface PurchaseRequestPatch {
  status?: RequestStatus
  selectedOfferId?: EntityId | null
  shippedAt?: Date
  deliveryCode?: string | null
  deliveryCodeGeneratedAt?: Date
  deliveryCodeExpiresAt?: Date
  deliveryCodeUsed?: boolean
  deliveryCodeUsedAt?: Date
  cancelReason?: string | null
  cancelledBy?: EntityId | null
  completedAt?: Date
  inspectionEndsAt?: Date
  disputed?: boolean
  releaseHold?: boolean
}

export interface RequestFilter {
  buyerId?: EntityId
  categoryId?: EntityId
  /** Requests that this seller may offer on: open ones that are public or name the seller. */
  visibleToSeller?: EntityId
  status?: string
}
