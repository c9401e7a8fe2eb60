import { DomainError } from '../../platform/errors.ts'

/** Another chat of the same two people about the same thing was made meanwhile: ask again and take that one. */
export function chatExists(cause?: unknown): DomainError {
  return new DomainError({
    code: 'CHAT_EXISTS',
    status: 409,
    title: 'Chat exists',
    detail: 'These people have this chat already. Ask again to get it.',
    cause,
  })
}

export function notAParticipant(): DomainError {
  return new DomainError({
    code: 'CHAT_NOT_A_PARTICIPANT',
    status: 403,
    title: 'Not a participant',
    detail: 'Only those who take part in a chat may do this.',
  })
}

export function tooFewParticipants(): DomainError {
  return new DomainError({
    code: 'CHAT_TOO_FEW_PARTICIPANTS',
    status: 400,
    title: 'Too few participants',
    detail: 'A chat needs at least two different people: name somebody besides yourself.',
  })
}

export function notTheSender(): DomainError {
  return new DomainError({
    code: 'CHAT_NOT_THE_SENDER',
    status: 403,
    title: 'Not your message',
    detail: 'Only the person who sent a message may change it.',
  })
}

export function messageNotEditable(detail: string): DomainError {
  return new DomainError({ code: 'CHAT_MESSAGE_FINAL', status: 409, title: 'Message is final', detail })
}

export function notAGroup(): DomainError {
  return new DomainError({
    code: 'CHAT_NOT_A_GROUP',
    status: 409,
    title: 'Not a group',
    detail: 'Nobody joins or leaves a chat of two. Make a group instead.',
  })
}

export function mayNotManage(): DomainError {
  return new DomainError({
    code: 'CHAT_NOT_MANAGED_BY_YOU',
    status: 403,
    title: 'Not allowed',
    detail: 'Only the owner or an administrator of this group may say who takes part.',
  })
}

export function supportUnavailable(): DomainError {
  return new DomainError({
    code: 'CHAT_SUPPORT_UNAVAILABLE',
    status: 503,
    title: 'No support account',
    detail: 'The support account does not exist yet. Write an e-mail instead.',
  })
}
