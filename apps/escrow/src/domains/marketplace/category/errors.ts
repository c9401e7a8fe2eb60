import { DomainError } from '../../../platform/errors.ts'

export function categoryNameTaken(cause?: unknown): DomainError {
  return new DomainError({
    code: 'CATEGORY_NAME_TAKEN',
    status: 409,
    title: 'Name taken',
    detail:
      'Another active category has this name, or another category this English name. Choose a different one.',
    cause,
  })
}

export function categoryParentInvalid(detail: string, cause?: unknown): DomainError {
  return new DomainError({
    code: 'CATEGORY_PARENT_INVALID',
    status: 400,
    title: 'Invalid parent',
    detail,
    cause,
  })
}

export function categoryInUse(detail: string, cause?: unknown): DomainError {
  return new DomainError({ code: 'CATEGORY_IN_USE', status: 409, title: 'Category in use', detail, cause })
}
