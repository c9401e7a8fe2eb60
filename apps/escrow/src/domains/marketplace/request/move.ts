import type { EntityId } from '../../../platform/ids.ts'
import type { RequestRepositories } from '../../../units.ts'
import { moveRefused } from './errors.ts'
import type { PurchaseRequest, PurchaseRequestPatch } from './model.ts'
import { type Mover, mayMoveRequest } from './states.ts'
import type { RequestStatus } from './vocabulary.ts'

export interface Move {
  to: RequestStatus
  as: Mover
  /** The person; null where the system moves. */
  by: EntityId | null
  reason?: string
  at: Date
  /** What changes together with the status. */
  patch?: Omit<PurchaseRequestPatch, 'status'>
}

/**
 * Moves a request that the transaction holds, and writes the move into its history. Raises REQUEST_MOVE_REFUSED where
 * the table of states says no. Answers the request as it is then.
 */
export async function moveRequest(
  { requests }: Pick<RequestRepositories, 'requests'>,
  request: PurchaseRequest,
  { to, as, by, reason, at, patch }: Move,
): Promise<PurchaseRequest> {
  if (!mayMoveRequest(request.status, to, as)) throw moveRefused(request.id, request.status, to)
  const change = { from: request.status, to, by, reason: reason ?? null, at }
  await requests.update(request.id, { ...patch, status: to }, at)
  await requests.appendStatusChange(request.id, change)
  return { ...request, status: to, statusHistory: [...request.statusHistory, change] }
}
