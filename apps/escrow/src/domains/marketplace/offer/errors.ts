import { DomainError } from '../../../platform/errors.ts'
import type { EntityId } from '../../../platform/ids.ts'
import { publicId } from '../../../platform/ids.ts'

/** The seller has a standing offer on this request: change or withdraw that one. */
export function offerExists(cause?: unknown): DomainError {
  return new DomainError({
    code: 'OFFER_EXISTS',
    status: 409,
    title: 'You have an offer here already',
    detail: 'A seller has one standing offer per request. Withdraw the earlier one first.',
    cause,
  })
}

/** Another offer on this request was taken. */
export function offerAlreadyAccepted(cause?: unknown): DomainError {
  return new DomainError({
    code: 'OFFER_ALREADY_ACCEPTED',
    status: 409,
    title: 'Another offer was accepted',
    detail: 'The buyer has taken another offer on this request.',
    cause,
  })
}

/** The offer's status does not allow this. */
export function offerNotOpen(id: EntityId, status: string | null): DomainError {
  return new DomainError({
    code: 'OFFER_NOT_OPEN',
    status: 409,
    title: 'The offer is not open',
    detail: `Offer ${publicId(id)} is ${status ?? 'without a status'}, so this cannot be done with it any more.`,
  })
}
