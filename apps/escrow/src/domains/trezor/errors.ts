import { DomainError } from '../../platform/errors.ts'

/** A person has one active account; the service looks again. */
export function trezorActiveExists(cause?: unknown): DomainError {
  return new DomainError({
    code: 'TREZOR_ACTIVE_EXISTS',
    status: 409,
    title: 'There is an active account',
    detail: 'Another call has just registered an account of yours. Look at it and try again.',
    cause,
  })
}

/** What would be given out belongs to somebody already: nothing was given out. */
export function trezorAddressTaken(cause?: unknown): DomainError {
  return new DomainError({
    code: 'TREZOR_ADDRESS_TAKEN',
    status: 409,
    title: 'This address was given out before',
    detail: 'The next address, or the payment that it is for, belongs to another account already.',
    cause,
  })
}

/** The key is registered for another person. */
export function trezorKeyTaken(): DomainError {
  return new DomainError({
    code: 'TREZOR_KEY_TAKEN',
    status: 409,
    title: 'Registered elsewhere',
    detail: 'This device is registered for another account of the marketplace.',
  })
}

export function trezorNotRegistered(): DomainError {
  return new DomainError({
    code: 'TREZOR_NOT_REGISTERED',
    status: 404,
    title: 'No Trezor here',
    detail: 'Register a device first: GET /api/trezor/registration-message tells what to sign.',
  })
}

export function registrationAddressDiffers(): DomainError {
  return new DomainError({
    code: 'TREZOR_ADDRESS_DIFFERS',
    status: 400,
    title: 'Not an address of this key',
    detail: 'The registration address must be the one at 0/0 below the xpub.',
  })
}

export function trezorProofRequired(): DomainError {
  return new DomainError({
    code: 'TREZOR_PROOF_REQUIRED',
    status: 400,
    title: 'A proof is required',
    detail: 'Sign the registration message on the device and send proofMessage and proofSignature.',
  })
}

/** The message is not the one that was asked for, or somebody else signed it. */
export function trezorProofInvalid(detail: string): DomainError {
  return new DomainError({
    code: 'TREZOR_PROOF_INVALID',
    status: 403,
    title: 'The proof does not hold',
    detail,
  })
}
