import { type EntityId, publicId } from '../../platform/ids.ts'
import type { Amount } from '../../platform/money.ts'
import type { DisputeRepositories } from '../../units.ts'
import type { Dispute } from './model.ts'

type Repositories = Pick<DisputeRepositories, 'effects'>
type Named = Pick<Dispute, 'id' | 'purchaseRequestId' | 'buyerId' | 'sellerId'>

/** Tells the request that it is in dispute, and the people whom it concerns. */
export async function emitOpened(repositories: Repositories, dispute: Named, by: EntityId, at: Date) {
  await emit(repositories, 'dispute.opened', dispute, {}, at)
  await tellParties(repositories, dispute, { what: 'opened', except: by, at })
}

/** What goes back to the buyer: all of it, this much, or nothing. */
export type Refund = 'all' | Amount | null

/**
 * Tells the payment unit what becomes of the money, the request that it is over, and the people. An end that
 * `concludes` decides the deal: what does not go back is the seller's; after any other the deal goes on.
 */
export async function emitEnded(
  repositories: Repositories,
  dispute: Named,
  end: { what: string; refund: Refund; concludes: boolean; by: EntityId; at: Date },
) {
  const { refund, concludes } = end
  const decision = { refund, concludes, by: publicId(end.by) }
  await emit(repositories, 'dispute.settled', dispute, decision, end.at)
  await emit(repositories, 'dispute.ended', dispute, {}, end.at)
  await tellParties(repositories, dispute, { what: end.what, except: end.by, at: end.at })
}

async function emit(
  { effects }: Repositories,
  type: string,
  { id, purchaseRequestId }: Named,
  more: Record<string, unknown>,
  at: Date,
): Promise<void> {
  // Old disputes may name no readable request: nothing follows from them.
  if (purchaseRequestId === null) return
  const disputeId = publicId(id)
  const payload = { disputeId, requestId: publicId(purchaseRequestId), ...more }
  await effects.emit({ type, key: disputeId, payload, at })
}

async function tellParties(
  { effects }: Repositories,
  dispute: Named,
  { what, except, at }: { what: string; except: EntityId; at: Date },
): Promise<void> {
  const disputeId = publicId(dispute.id)
  for (const userId of [dispute.buyerId, dispute.sellerId]) {
    if (userId === null || userId === except) continue
    const payload = {
      userId: publicId(userId),
      title: `Dispute ${what}`,
      message: `The dispute about your purchase request was ${what}.`,
      type: 'warning',
      category: 'purchase_request',
      relatedId: disputeId,
    }
    const key = `dispute:${disputeId}:${what}:${payload.userId}`
    await effects.emit({ type: 'notification.requested', key, payload, at })
  }
}
