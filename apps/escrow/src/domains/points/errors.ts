import { DomainError } from '../../platform/errors.ts'

export function insufficientPoints(available: number): DomainError {
  return new DomainError({
    code: 'INSUFFICIENT_POINTS',
    status: 400,
    title: 'Not enough points',
    detail: `You have ${available} points. Redeem no more than that.`,
  })
}

export function alreadyEarned(cause?: unknown): DomainError {
  return new DomainError({
    code: 'POINTS_ALREADY_EARNED',
    status: 409,
    title: 'Already earned',
    detail: 'Points for this order and source were given before; nothing was added.',
    cause,
  })
}
