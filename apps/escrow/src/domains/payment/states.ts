import { type EscrowState, escrowStates, type PaymentStatus, paymentStatuses } from './vocabulary.ts'

/** Who moves a payment. */
export type PaymentMover = 'system' | 'buyer' | 'timer'

type StatusMoves = Partial<Record<PaymentStatus, readonly PaymentMover[]>>

const open: StatusMoves = {
  confirmed: ['system'],
  failed: ['system'],
  cancelled: ['buyer'],
  expired: ['timer'],
}

/** Every move of a payment's status. Late money confirms a payment that was given up. */
export const statusMoves: Record<PaymentStatus, StatusMoves> = {
  pending: { processing: ['system'], ...open },
  processing: open,
  confirmed: { completed: ['system'], refunded: ['system'] },
  completed: {},
  failed: { confirmed: ['system'] },
  cancelled: { confirmed: ['system'] },
  expired: { confirmed: ['system'] },
  refunded: {},
}

export type EscrowMover = 'system' | 'admin' | 'resolution'

type EscrowMoves = Partial<Record<EscrowState, readonly EscrowMover[]>>

const refundable: EscrowMoves = { refunding: ['admin', 'system', 'resolution'] }

/** Every move of the escrow. */
export const escrowMoves: Record<EscrowState, EscrowMoves> = {
  none: { funded: ['system'], failed: ['system'], cancelled: ['system'] },
  funded: { releasable: ['system'], ...refundable },
  releasable: { releasing: ['admin', 'resolution'], ...refundable },
  releasing: { released: ['system'], partial: ['system'], releasable: ['system'] },
  // More money for a payment that was settled: it waits for a decision.
  released: { partial: ['system'] },
  refunding: { refunded: ['system'], partial: ['system'], funded: ['system'], releasable: ['system'] },
  refunded: { partial: ['system'] },
  partial: { releasing: ['admin', 'resolution'], ...refundable },
  failed: { funded: ['system'] },
  cancelled: { funded: ['system'] },
}

export function mayMoveStatus(from: string | null, to: PaymentStatus, by: PaymentMover): boolean {
  const known = paymentStatuses.find((status) => status === from)
  return known !== undefined && (statusMoves[known][to]?.includes(by) ?? false)
}

export function mayMoveEscrow(from: string | null, to: EscrowState, by: EscrowMover): boolean {
  const known = escrowStates.find((state) => state === from)
  return known !== undefined && (escrowMoves[known][to]?.includes(by) ?? false)
}
