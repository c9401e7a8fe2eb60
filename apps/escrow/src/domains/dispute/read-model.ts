import type { EntityId } from '../../platform/ids.ts'
import type { Units } from '../../units.ts'
import type { Dispute } from './model.ts'

/** What other domains may know of disputes. */
export interface DisputeReadModel {
  /** The open dispute of a request, or null. */
  openOf(purchaseRequestId: EntityId): Promise<Dispute | null>
}

export function createDisputeReadModel(units: Pick<Units, 'dispute'>): DisputeReadModel {
  return { openOf: (purchaseRequestId) => units.dispute.read.disputes.findOpen(purchaseRequestId) }
}
