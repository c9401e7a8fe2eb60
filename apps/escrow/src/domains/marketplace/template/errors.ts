import { DomainError } from '../../../platform/errors.ts'
import type { EntityId } from '../../../platform/ids.ts'
import { publicId } from '../../../platform/ids.ts'

/** Two templates cannot have one link. */
export function linkTaken(cause?: unknown): DomainError {
  return new DomainError({
    code: 'TEMPLATE_LINK_TAKEN',
    status: 409,
    title: 'This link is taken',
    detail: 'Another template has this link. Try again to get a new one.',
    cause,
  })
}

/** The template is switched off, past its end, or says too little to be bought. */
export function templateNotOpen(id: EntityId, reason: string): DomainError {
  return new DomainError({
    code: 'TEMPLATE_NOT_OPEN',
    status: 409,
    title: 'This template cannot be used',
    detail: `Template ${publicId(id)} ${reason}. Ask its seller for another one.`,
  })
}

/** It was used as often as its seller allows. */
export function templateUsedUp(id: EntityId): DomainError {
  return new DomainError({
    code: 'TEMPLATE_USED_UP',
    status: 409,
    title: 'This template is used up',
    detail: `Template ${publicId(id)} was used as often as its seller allows.`,
  })
}
