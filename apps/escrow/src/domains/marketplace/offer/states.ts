import { type OfferStatus, offerStatuses } from './vocabulary.ts'

/** Who moves an offer. */
export type OfferMover = 'buyer' | 'seller' | 'system'

type Moves = Partial<Record<OfferStatus, readonly OfferMover[]>>

const fromOpen: Moves = {
  accepted: ['buyer', 'system'],
  rejected: ['buyer', 'system'],
  withdrawn: ['seller', 'system'],
}

/** Every move of an offer and who may make it. */
export const offerMoves: Record<OfferStatus, Moves> = {
  pending: fromOpen,
  active: fromOpen,
  accepted: { rejected: ['system'] },
  rejected: {},
  withdrawn: {},
}

/** Whether `by` may move an offer from `from` to `to`. */
export function mayMoveOffer(from: string | null, to: OfferStatus, by: OfferMover): boolean {
  const known = offerStatuses.find((status) => status === from)
  return known !== undefined && (offerMoves[known][to]?.includes(by) ?? false)
}

/** Open offers, and the one that was taken: a seller has at most one of these on a request. */
export const standing = ['pending', 'active', 'accepted'] as const satisfies OfferStatus[]

export function isStanding(status: string | null): boolean {
  return (standing as readonly (string | null)[]).includes(status)
}
