import { DomainError } from '../../platform/errors.ts'

export function initDataInvalid(detail: string): DomainError {
  return new DomainError({
    code: 'TELEGRAM_DATA_INVALID',
    status: 401,
    title: 'Not from Telegram',
    detail,
  })
}

export function initDataStale(): DomainError {
  return new DomainError({
    code: 'TELEGRAM_DATA_STALE',
    status: 401,
    title: 'Too old',
    detail: 'What Telegram signed is too old. Close the Mini App and open it again.',
  })
}

export function botsRefused(): DomainError {
  return new DomainError({
    code: 'TELEGRAM_BOT_REFUSED',
    status: 403,
    title: 'Bots have no account',
    detail: 'Only people sign in by Telegram.',
  })
}

export function linkTaken(cause?: unknown): DomainError {
  return new DomainError({
    code: 'TELEGRAM_LINK_TAKEN',
    status: 409,
    title: 'Telegram account taken',
    detail: 'This Telegram account belongs to another account here. Unlink it there first.',
    cause,
  })
}

export function otherAccountLinked(): DomainError {
  return new DomainError({
    code: 'TELEGRAM_OTHER_LINKED',
    status: 409,
    title: 'Another Telegram account is linked',
    detail: 'Your account is linked to another Telegram account. Unlink that one first.',
  })
}

export function onlyWayIn(): DomainError {
  return new DomainError({
    code: 'TELEGRAM_ONLY_SIGN_IN',
    status: 409,
    title: 'The only way in',
    detail: 'Telegram is your only way to sign in. Set an e-mail address and a password first.',
  })
}

export function sessionInvalid(): DomainError {
  return new DomainError({
    code: 'TELEGRAM_SESSION_INVALID',
    status: 401,
    title: 'No such session',
    detail: 'The session of the Mini App is unknown, ended or past its time. Open the Mini App again.',
  })
}

/** Two calls opened the same session at once; asked again, it is there. */
export function sessionTaken(cause?: unknown): DomainError {
  return new DomainError({
    code: 'TELEGRAM_SESSION_TAKEN',
    status: 409,
    title: 'Session exists',
    detail: 'This session was opened by another call just now. Try again.',
    cause,
  })
}

export function webhookRefused(): DomainError {
  return new DomainError({
    code: 'TELEGRAM_WEBHOOK_REFUSED',
    status: 401,
    title: 'Not from Telegram',
    detail: 'The secret token of the webhook is missing or wrong.',
  })
}

export function replayed(cause?: unknown): DomainError {
  return new DomainError({
    code: 'TELEGRAM_REPLAY',
    status: 409,
    title: 'Seen before',
    detail: 'This update was received before.',
    cause,
  })
}
