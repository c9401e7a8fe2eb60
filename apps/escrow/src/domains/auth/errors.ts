import { DomainError } from '../../platform/errors.ts'

export function codeInvalid(): DomainError {
  return new DomainError({
    code: 'CODE_INVALID',
    status: 400,
    title: 'Wrong code',
    detail: 'The code is wrong or has expired. Ask for a new one if the latest mail does not help.',
  })
}

export function tooManyAttempts(): DomainError {
  return new DomainError({
    code: 'TOO_MANY_ATTEMPTS',
    status: 429,
    title: 'Too many wrong codes',
    detail: 'This code was entered wrongly too often. Ask for a new one.',
  })
}

export function passwordNeeded(): DomainError {
  return new DomainError({
    code: 'PASSWORD_REQUIRED',
    status: 400,
    title: 'Password needed',
    detail: 'No password was given at sign-up. Send one together with the code.',
  })
}

export function noSignUpWaiting(): DomainError {
  return new DomainError({
    code: 'VERIFICATION_NOT_FOUND',
    status: 404,
    title: 'No sign-up waits',
    detail: 'No sign-up waits for this e-mail address. Register first.',
  })
}

export function invalidCredentials(): DomainError {
  return new DomainError({
    code: 'INVALID_CREDENTIALS',
    status: 401,
    title: 'Sign-in failed',
    detail: 'The e-mail address or the password is wrong.',
  })
}

export function accountNotActive(): DomainError {
  return new DomainError({
    code: 'ACCOUNT_NOT_ACTIVE',
    status: 403,
    title: 'Account not active',
    detail: 'This account is suspended or was deleted. Write to support.',
  })
}

export function refreshTokenInvalid(): DomainError {
  return new DomainError({
    code: 'REFRESH_TOKEN_INVALID',
    status: 401,
    title: 'Sign in again',
    detail: 'The refresh token is unknown, used before or past its time. Sign in again.',
  })
}
