import { type RequestStatus, requestStatuses } from './vocabulary.ts'

/** Who moves a request. `resolution` is a dispute's, `system` an effect or a timer. */
export type Mover = 'buyer' | 'seller' | 'admin' | 'system' | 'resolution'

type Moves = Partial<Record<RequestStatus, readonly Mover[]>>

/** Every move of a purchase request and who may make it. What is not listed is refused. */
export const requestMoves: Record<RequestStatus, Moves> = {
  pending_payment: { payment: ['system'], cancelled: ['buyer', 'system'] },
  pending: { active: ['admin', 'system'], received_offers: ['system'], cancelled: ['buyer', 'system'] },
  active: { received_offers: ['system'], cancelled: ['buyer', 'system'] },
  received_offers: { in_negotiation: ['system'], payment: ['system'], cancelled: ['buyer', 'system'] },
  in_negotiation: { payment: ['system'], cancelled: ['buyer', 'system'] },
  payment: { processing: ['seller'], delivery: ['seller'], cancelled: ['resolution'] },
  processing: { delivery: ['seller'], cancelled: ['resolution'] },
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
