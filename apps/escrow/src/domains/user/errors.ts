import { DomainError } from '../../platform/errors.ts'

export function emailTaken(cause?: unknown): DomainError {
  return new DomainError({
    code: 'USER_EXISTS',
    status: 409,
    title: 'E-mail taken',
    detail: 'There is an account with this e-mail address already. Sign in, or reset the password.',
    cause,
  })
}

export function referralCodeTaken(cause?: unknown): DomainError {
  return new DomainError({
    code: 'REFERRAL_CODE_TAKEN',
    status: 409,
    title: 'Referral code taken',
    detail: 'Somebody else has this referral code. Generate another one.',
    cause,
  })
}
