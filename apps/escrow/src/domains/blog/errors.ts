import { DomainError } from '../../platform/errors.ts'

export function slugTaken(cause?: unknown): DomainError {
  return new DomainError({
    code: 'BLOG_SLUG_TAKEN',
    status: 409,
    title: 'Slug taken',
    detail: 'Another post has this slug. Choose a different one, or leave it out to have one made.',
    cause,
  })
}
