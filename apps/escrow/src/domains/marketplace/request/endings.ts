import type { EntityId } from '../../../platform/ids.ts'
import type { Amount } from '../../../platform/money.ts'
import type { RequestRepositories } from '../../../units.ts'
import type { PurchaseRequest } from './model.ts'
import { moveRequest } from './move.ts'
import { emitCompleted } from './sent-effects.ts'
import type { Mover } from './states.ts'

interface Ending {
  as: Mover
  /** The person; null where the system ends it. */
  by: EntityId | null
  reason?: string
  at: Date
}

/**
 * Ends a request that the transaction holds, and rejects its offers with it, the accepted one too. Raises
 * REQUEST_MOVE_REFUSED.
 */
export async function cancelRequest(
  repositories: RequestRepositories,
  request: PurchaseRequest,
  ending: Ending,
): Promise<PurchaseRequest> {
  const { by, reason = null, at } = ending
  const cancelled = await moveRequest(repositories, request, {
    to: 'cancelled',
    ...ending,
    patch: { selectedOfferId: null, cancelReason: reason, cancelledBy: by },
  })
  await repositories.offers.rejectStanding(request.id, null, at)
  return cancelled
}

/**
 * The deal is done: points are earned for what the buyer paid and did not get back. The transaction holds the request.
 * Raises REQUEST_MOVE_REFUSED.
 */
export async function completeRequest(
  repositories: RequestRepositories,
  request: PurchaseRequest,
  ending: Ending & { refunded?: Amount },
): Promise<PurchaseRequest> {
  const { refunded, ...move } = ending
  const { at } = ending
  const completed = await moveRequest(repositories, request, {
    to: 'completed',
    ...move,
    patch: { completedAt: at },
  })
  await emitCompleted(repositories, completed, at, refunded)
  return { ...completed, completedAt: at }
}
