import { DomainError } from '../../../platform/errors.ts'

export function reviewExists(cause?: unknown): DomainError {
  return new DomainError({
    code: 'REVIEW_EXISTS',
    status: 409,
    title: 'Reviewed already',
    detail: 'You have reviewed this before. Change that review instead.',
    cause,
  })
}

export function reviewsClosed(): DomainError {
  return new DomainError({
    code: 'REVIEWS_CLOSED',
    status: 403,
    title: 'No reviews here',
    detail: 'The shop does not take reviews of this kind.',
  })
}

export function ownReview(): DomainError {
  return new DomainError({
    code: 'REVIEW_OF_ONESELF',
    status: 403,
    title: 'Not by yourself',
    detail: 'Nobody reviews themselves or what they offer.',
  })
}

export function reviewRequestInvalid(): DomainError {
  return new DomainError({
    code: 'REVIEW_REQUEST_INVALID',
    status: 400,
    title: 'Not that purchase',
    detail: 'Name a completed request of your own that this seller delivered, or none.',
  })
}
