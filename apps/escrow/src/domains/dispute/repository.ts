import type { Slice } from '../../platform/answer.ts'
import type { EntityId } from '../../platform/ids.ts'
import type {
  Dispute,
  DisputeElements,
  DisputeFilter,
  DisputePatch,
  NewDispute,
  StatusPriorityCount,
  TimeToResolve,
} from './model.ts'

/** Disputes in one store. */
export interface DisputeRepository {
  /** Raises DISPUTE_ALREADY_OPEN where the request has an open one. */
  insert(dispute: NewDispute): Promise<void>
  /** Reads only. */
  find(id: EntityId): Promise<Dispute | null>
  /** The same, held until the transaction ends. */
  findForUpdate(id: EntityId): Promise<Dispute | null>
  /** The open dispute of a request, the first of them where old data has several. Reads only. */
  findOpen(purchaseRequestId: EntityId): Promise<Dispute | null>
  /** Newest first; the id breaks ties. Reads only. */
  list(filter: DisputeFilter, page: Slice): Promise<Dispute[]>
  count(filter: DisputeFilter): Promise<number>
  /** Ordered by status and priority, the missing ones last. Reads only. */
  countByStatusAndPriority(): Promise<StatusPriorityCount[]>
  /** How long it took from the beginning to the resolution, by category. Reads only. */
  timeToResolve(): Promise<TimeToResolve[]>
  /** Raises DISPUTE_ALREADY_OPEN where an old twin would be the second open one. */
  update(id: EntityId, patch: DisputePatch, at: Date): Promise<void>
  /** Adds to the end of a list. */
  append<List extends keyof DisputeElements>(
    id: EntityId,
    list: List,
    element: DisputeElements[List],
    at: Date,
  ): Promise<void>
}
