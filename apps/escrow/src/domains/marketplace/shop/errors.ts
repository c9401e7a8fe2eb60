import { DomainError } from '../../../platform/errors.ts'

export function shopExists(cause?: unknown): DomainError {
  return new DomainError({
    code: 'SHOP_EXISTS',
    status: 409,
    title: 'Shop exists',
    detail: 'This seller has a shop already. Change that one.',
    cause,
  })
}
