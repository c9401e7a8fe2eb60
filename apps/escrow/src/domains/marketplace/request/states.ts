import { type RequestStatus, requestStatuses } from './vocabulary.ts'

/**
 * Who moves a request. `resolution` is a dispute's, `system` an effect or a timer. `override` is an administrator who
 * sets the usual movers aside and says why: never out of a state in which there is money.
 */
export type Mover = 'buyer' | 'seller' | 'admin' | 'system' | 'resolution' | 'override'

type Moves = Partial<Record<RequestStatus, readonly Mover[]>>

const beforeMoney = ['buyer', 'system', 'override'] as const

/** Every move of a purchase request and who may make it. What is not listed is refused. */
export const requestMoves: Record<RequestStatus, Moves> = {
  pending_payment: { payment: ['system'], cancelled: beforeMoney },
  pending: { active: ['admin', 'system'], received_offers: ['system'], cancelled: beforeMoney },
  active: { pending: ['override'], received_offers: ['system'], cancelled: beforeMoney },
  received_offers: { in_negotiation: ['system'], payment: ['system'], cancelled: beforeMoney },
  in_negotiation: { received_offers: ['override'], payment: ['system'], cancelled: beforeMoney },
  // By an administrator or a resolution only when the money is back: `refund.confirmed` makes the move.
  payment: { processing: ['seller'], delivery: ['seller'], cancelled: ['admin', 'resolution'] },
  processing: { delivery: ['seller'], cancelled: ['admin', 'resolution'] },
  delivery: {
    delivered: ['seller', 'buyer', 'admin'],
    cancelled: ['resolution'],
    completed: ['resolution'],
  },
  delivered: { confirming: ['system'], cancelled: ['resolution'], completed: ['resolution'] },
  confirming: { completed: ['buyer', 'system', 'resolution'], cancelled: ['resolution'] },
  completed: { seller_paid: ['system'] },
  seller_paid: {},
  cancelled: {},
}

/** Old data holds statuses of its own (`finalized`, `archived`): nothing leads out of them. */
export function isRequestStatus(status: string | null): status is RequestStatus {
  return status !== null && (requestStatuses as readonly string[]).includes(status)
}

/** Whether `by` may move a request from `from` to `to`. */
export function mayMoveRequest(from: string | null, to: RequestStatus, by: Mover): boolean {
  return isRequestStatus(from) && (requestMoves[from][to]?.includes(by) ?? false)
}

/** What an administrator may make of a request by an override. */
export const overridden = ['pending', 'received_offers', 'cancelled'] as const satisfies RequestStatus[]

/** Statuses in which sellers see a request and may offer. */
export const openForOffers = ['pending', 'active', 'received_offers'] as const satisfies RequestStatus[]

/** Statuses in which a pay-in may still buy an offer. */
export const awaitingPayment = [
  'pending_payment',
  'received_offers',
  'in_negotiation',
] as const satisfies RequestStatus[]

/** Statuses in which the buyer has got what was bought. */
export const completed = ['completed', 'seller_paid'] as const satisfies RequestStatus[]

/** Statuses in which the buyer may make a delivery code: the money is there, the goods are not. */
export const awaitingDelivery = ['payment', 'processing', 'delivery'] as const satisfies RequestStatus[]

export function isOneOf(statuses: readonly RequestStatus[], status: string | null): boolean {
  return (statuses as readonly (string | null)[]).includes(status)
}
