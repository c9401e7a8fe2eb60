import { DomainError } from '../../platform/errors.ts'
import { type EntityId, publicId } from '../../platform/ids.ts'

/** A request has one open dispute at a time. */
export function disputeAlreadyOpen(cause?: unknown): DomainError {
  return new DomainError({
    code: 'DISPUTE_ALREADY_OPEN',
    status: 409,
    title: 'There is an open dispute already',
    detail: 'This request has an open dispute. Add to it what is missing, or wait until it has ended.',
    cause,
  })
}

/** The dispute's status does not allow this, or not to this person. */
export function disputeMoveRefused(id: EntityId, from: string | null, to: string): DomainError {
  return new DomainError({
    code: 'DISPUTE_MOVE_REFUSED',
    status: 409,
    title: 'Not possible in this status',
    detail: `Dispute ${publicId(id)} is ${from ?? 'without a status'}; it cannot become ${to} by this call.`,
  })
}

/** Nothing is added to a dispute that has ended. */
export function disputeEnded(id: EntityId, status: string | null): DomainError {
  return new DomainError({
    code: 'DISPUTE_ENDED',
    status: 409,
    title: 'This dispute has ended',
    detail: `Dispute ${publicId(id)} is ${status ?? 'without a status'}: nothing can be added to it.`,
  })
}

/** Between the hold on the money and the dispute itself so much time went by that the hold may be gone again. */
export function disputeTooSlow(): DomainError {
  return new DomainError({
    code: 'DISPUTE_NOT_OPENED',
    status: 503,
    title: 'The dispute could not be opened in time',
    detail:
      'The hold on the money was given up because opening took too long. Nothing was written: try again.',
    retryAfter: 2,
  })
}
