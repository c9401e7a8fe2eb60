import { type DisputeStatus, disputeStatuses } from './vocabulary.ts'

/** Who moves a dispute: `opener` is the party that opened it, `party` the buyer or the seller. */
export type DisputeMover = 'opener' | 'party' | 'resolver' | 'admin'

type Moves = Partial<Record<DisputeStatus, readonly DisputeMover[]>>

const staff = ['resolver', 'admin'] as const

/** Every move of a dispute and who may make it. What is not listed is refused, by a trigger as well. */
export const disputeMoves: Record<DisputeStatus, Moves> = {
  pending: { in_progress: staff, withdrawn: ['opener'] },
  in_progress: { waiting_response: staff, resolved: staff, rejected: staff },
  // What a party answers brings it back.
  waiting_response: { in_progress: [...staff, 'party'], resolved: staff, rejected: staff },
  resolved: { closed: staff },
  rejected: { closed: staff },
  closed: {},
  withdrawn: {},
}

/** Whether `by` may move a dispute from `from` to `to`. Old words lead nowhere. */
export function mayMoveDispute(from: string | null, to: DisputeStatus, by: DisputeMover): boolean {
  const known = disputeStatuses.find((status) => status === from)
  return known !== undefined && (disputeMoves[known][to]?.includes(by) ?? false)
}

/** While a dispute is open its hold stands, and there is no second one on the request. */
export const openStatuses = ['pending', 'in_progress', 'waiting_response'] as const satisfies DisputeStatus[]

export function isOpen(status: string | null): boolean {
  return (openStatuses as readonly (string | null)[]).includes(status)
}
