import type { Actor } from '../../platform/auth-guard.ts'
import { notFound } from '../../platform/errors.ts'
import { type EntityId, publicId } from '../../platform/ids.ts'
import type { Dispute } from './model.ts'
import type { DisputeMover } from './states.ts'

export function isStaff({ role }: Actor): boolean {
  return role === 'admin' || role === 'resolver'
}

function isParty(dispute: Dispute, { id }: Actor): boolean {
  return dispute.buyerId === id || dispute.sellerId === id
}

/** The dispute, for its parties and the staff. Others are not told whether it exists. */
export function visible(dispute: Dispute | null, id: EntityId, actor: Actor): Dispute {
  if (dispute === null || !(isStaff(actor) || isParty(dispute, actor)))
    throw notFound('dispute', publicId(id))
  return dispute
}

/** As what somebody moves a dispute that they may see. */
export function moverOf({ role }: Actor): DisputeMover {
  return role === 'admin' || role === 'resolver' ? role : 'party'
}

/** Old disputes do not say who opened them: it was the buyer. */
export function openerOf(dispute: Dispute): EntityId | null {
  return dispute.openedBy ?? dispute.buyerId
}
