import type { Slice } from '../../../platform/answer.ts'
import type { EntityId } from '../../../platform/ids.ts'
import type {
  DeliveryAttempt,
  NewPurchaseRequest,
  PurchaseRequest,
  PurchaseRequestPatch,
  PurchaseRequestSummary,
  RequestFilter,
  StatusChange,
  TrackingEvent,
} from './model.ts'

export interface StatusCount {
  status: string | null
  count: number
}

export interface CompletedRequest {
  id: EntityId
  selectedOfferId: EntityId | null
}

/** Purchase requests in one store. Raises no domain errors of its own: rules belong to the service. */
export interface RequestRepository {
  insert(request: NewPurchaseRequest): Promise<void>
  /** The whole request, or null. Reads only. */
  find(id: EntityId): Promise<PurchaseRequest | null>
  /** The same, held until the transaction ends: nobody else decides on this request meanwhile. */
  findForUpdate(id: EntityId): Promise<PurchaseRequest | null>
  /** Summaries of the ids that exist, in no order. Reads only. */
  findMany(ids: EntityId[]): Promise<PurchaseRequestSummary[]>
  /** Newest first; the id breaks ties. Reads only. */
  list(filter: RequestFilter, page: Slice): Promise<PurchaseRequestSummary[]>
  count(filter: RequestFilter): Promise<number>
  /** How many requests a buyer (or, without one, everybody) has in each status. Reads only. */
  countByStatus(buyerId?: EntityId): Promise<StatusCount[]>
  /** The completed requests of a buyer, by id, the highest first; with `id`, that one alone. Reads only. */
  completedOf(buyerId: EntityId, id?: EntityId): Promise<CompletedRequest[]>
  update(id: EntityId, patch: PurchaseRequestPatch, at: Date): Promise<void>
  appendStatusChange(id: EntityId, change: StatusChange): Promise<void>
  appendDeliveryAttempt(id: EntityId, attempt: DeliveryAttempt): Promise<void>
  appendTrackingEvent(id: EntityId, event: TrackingEvent): Promise<void>
}
