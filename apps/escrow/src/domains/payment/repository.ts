import type { EntityId } from '../../platform/ids.ts'
import type { Period } from '../../platform/period.ts'
import type { DailyVolume, NewPayment, Payment, PaymentFilter, PaymentPatch, Volume } from './model.ts'

/** Payments in one store. */
export interface PaymentRepository {
  /** Raises OPEN_PAYIN_EXISTS where buyer, request and offer have an open pay-in. */
  insert(payment: NewPayment): Promise<void>
  find(id: EntityId): Promise<Payment | null>
  /** Ids that do not exist are missing from the answer. Reads only. */
  findMany(ids: EntityId[]): Promise<Payment[]>
  /** Held until the transaction ends: one decision about this money at a time. */
  findForUpdate(id: EntityId): Promise<Payment | null>
  /** The open pay-in of this buyer for this offer, or null. Reads only. */
  findOpenPayin(buyerId: EntityId, requestId: EntityId, offerId: EntityId): Promise<Payment | null>
  /** Newest first; the id breaks ties. Reads only. */
  list(filter: PaymentFilter, page: { limit: number; offset: number }): Promise<Payment[]>
  count(filter: PaymentFilter): Promise<number>
  /** By status and currency, in that order, missing ones last. Reads only. */
  volumes(filter: PaymentFilter): Promise<Volume[]>
  /** By UTC day of making, provider and currency, in that order, missing ones last. Reads only. */
  dailyVolumes(period: Period, filter: PaymentFilter): Promise<DailyVolume[]>
  /** Raises TRANSACTION_ALREADY_CREDITED where another payment has this transaction and log index. */
  update(id: EntityId, patch: PaymentPatch, at: Date): Promise<void>
}
