import { DomainError } from '../../platform/errors.ts'

/** Two calls made different addresses of one person the primary one at the same moment; one of them came first. */
export function primaryAddressTaken(cause?: unknown): DomainError {
  return new DomainError({
    code: 'PRIMARY_ADDRESS_TAKEN',
    status: 409,
    title: 'Another address is the primary one',
    detail: 'Another address became the primary one at the same moment. Load the addresses and try again.',
    cause,
  })
}
