import { DomainError } from '../../../platform/errors.ts'
import { type EntityId, publicId } from '../../../platform/ids.ts'

/** Buyer, offer and chain have their address already; the service answers with that one. */
export function destinationExists(cause?: unknown): DomainError {
  return new DomainError({
    code: 'DESTINATION_EXISTS',
    status: 409,
    title: 'There is an address already',
    detail: 'This offer has an address for your payment on that chain. Ask again to get it.',
    cause,
  })
}

/** The index or its address belongs to another destination: nothing was given out. */
export function destinationTaken(cause?: unknown): DomainError {
  return new DomainError({
    code: 'DESTINATION_TAKEN',
    status: 503,
    title: 'Try again',
    detail: 'The address that came next was used before; nothing was given out. Try again.',
    retryAfter: 1,
    cause,
  })
}

/** No key was configured from which addresses could be derived. */
export function derivationNotConfigured(): DomainError {
  return new DomainError({
    code: 'DERIVATION_NOT_CONFIGURED',
    status: 503,
    title: 'No addresses can be given out',
    detail: 'This installation has no DERIVED_DESTINATION_XPUB. Its operator must set one.',
  })
}

export function destinationMoveRefused(id: EntityId, status: string | null, wanted: string): DomainError {
  return new DomainError({
    code: 'DESTINATION_MOVE_REFUSED',
    status: 409,
    title: 'Not possible in this state',
    detail: `Destination ${publicId(id)} is ${status ?? 'without a status'}: it cannot become ${wanted}.`,
  })
}

/** A sweep's transaction was recorded with another amount. */
export function sweepDiffers(txHash: string): DomainError {
  return new DomainError({
    code: 'SWEEP_DIFFERS',
    status: 409,
    title: 'Recorded with another amount',
    detail: `The sweep ${txHash.slice(0, 80)} is recorded with another amount. Look at it before doing anything.`,
  })
}
