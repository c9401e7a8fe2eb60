import { type EntityId, parseId, publicId } from './ids.ts'

/**
 * A field that names an entity or something outside. The kind follows from the value alone: 24 hex digits are an
 * entity, `template-checkout-*` a template, everything else (`system`, `webhook:*`, provider ids) external.
 */
export type Reference =
  | { kind: 'entity'; id: EntityId }
  | { kind: 'template'; external: string }
  | { kind: 'external'; external: string }

export const referenceKinds = ['entity', 'template', 'external'] as const
export const referenceForms = ['objectId', 'hex', 'text'] as const
export type ReferenceForm = (typeof referenceForms)[number]

export function entityReference(id: EntityId): Reference {
  return { kind: 'entity', id }
}

/** The reference that a text stands for. */
export function referenceOf(text: string): Reference {
  if (/^[0-9a-f]{24}$/i.test(text)) return { kind: 'entity', id: parseId(text) }
  if (text.startsWith('template-checkout-')) return { kind: 'template', external: text }
  return { kind: 'external', external: text }
}

/** What clients see: the public id, or the outside text. */
export function referenceText(reference: Reference): string {
  return reference.kind === 'entity' ? publicId(reference.id) : reference.external
}

export function sameReference(left: Reference | null, right: Reference | null): boolean {
  if (left === null || right === null) return left === right
  return referenceText(left) === referenceText(right)
}
