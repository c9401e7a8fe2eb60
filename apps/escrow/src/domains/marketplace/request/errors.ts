import { DomainError, invalidInput } from '../../../platform/errors.ts'
import type { EntityId } from '../../../platform/ids.ts'
import { publicId } from '../../../platform/ids.ts'

/** The request's status does not allow this move, or not by this person. */
export function moveRefused(id: EntityId, from: string | null, to: string): DomainError {
  return new DomainError({
    code: 'REQUEST_MOVE_REFUSED',
    status: 409,
    title: 'Not possible in this status',
    detail: `Request ${publicId(id)} is ${from ?? 'without a status'}; it cannot become ${to} by this call.`,
  })
}

/** An administrator cancels what is somebody else's: the history has to say why. */
export function reasonMissing(): DomainError {
  return invalidInput("Say why somebody else's request is cancelled.", [
    { path: 'body.reason', message: 'is required of an administrator' },
  ])
}

/** While a dispute is open, its end decides what was delivered. */
export function requestInDispute(id: EntityId): DomainError {
  return new DomainError({
    code: 'REQUEST_IN_DISPUTE',
    status: 409,
    title: 'The request is in dispute',
    detail: `Request ${publicId(id)} is in dispute; its delivery code is stopped until the dispute has ended.`,
  })
}

/** Offers are taken only while the request is open. */
export function requestNotOpen(id: EntityId, status: string | null): DomainError {
  return new DomainError({
    code: 'REQUEST_NOT_OPEN',
    status: 409,
    title: 'The request is closed for offers',
    detail: `Request ${publicId(id)} is ${status ?? 'without a status'} and takes no offers.`,
  })
}

/** No code was made for this delivery, it was used, or its seven days are over. */
export function deliveryCodeUnusable(): DomainError {
  return new DomainError({
    code: 'DELIVERY_CODE_UNUSABLE',
    status: 409,
    title: 'No valid delivery code',
    detail: 'There is no unused delivery code that is still valid. Ask the buyer to make a new one.',
  })
}

/** The code is not the buyer's. */
export function deliveryCodeWrong(): DomainError {
  return new DomainError({
    code: 'DELIVERY_CODE_WRONG',
    status: 400,
    title: 'Wrong delivery code',
    detail: 'This is not the code that the buyer has. Read it again and try once more.',
  })
}

/** Too many codes were tried on this request. */
export function tooManyDeliveryAttempts(retryAfter: number): DomainError {
  return new DomainError({
    code: 'TOO_MANY_ATTEMPTS',
    status: 429,
    title: 'Too many attempts',
    detail: 'Ten codes were tried within fifteen minutes. Wait before trying again.',
    retryAfter,
  })
}
