import { type EntityId, publicId } from '../../platform/ids.ts'
import type { Amount } from '../../platform/money.ts'
import type { PaymentRepositories } from '../../units.ts'
import type { HoldOf } from './holds.ts'
import type { Payment } from './model.ts'

type Effects = Pick<PaymentRepositories, 'effects'>

/** Who decided that money goes back: an administrator, or the staff that resolved a dispute. */
export interface RefundDecision {
  as: 'admin' | 'resolution'
  by: EntityId | null
  reason: string | null
}

/** Tells the request that its seller has the money. */
export async function emitPayoutConfirmed(
  { effects }: Effects,
  payment: Payment,
  requestId: EntityId,
  at: Date,
): Promise<void> {
  const paymentId = publicId(payment.id)
  const payload = { paymentId, requestId: publicId(requestId) }
  await effects.emit({ type: 'payout.confirmed', key: paymentId, payload, at })
}

/** Tells the request that all of its money is back with the buyer: not before, for a request must not look cancelled while its money is here. */
export async function emitRefundConfirmed(
  { effects }: Effects,
  payment: Payment,
  requestId: EntityId,
  { as, by, reason }: RefundDecision,
  at: Date,
): Promise<void> {
  const paymentId = publicId(payment.id)
  const payload = {
    paymentId,
    requestId: publicId(requestId),
    as,
    by: by === null ? null : publicId(by),
    reason,
  }
  await effects.emit({ type: 'refund.confirmed', key: paymentId, payload, at })
}

/** Tells the request that a resolution left the money, or what is not going back of it, to the seller. */
export async function emitResolutionApplied(
  { effects }: Effects,
  { disputeId, requestId }: HoldOf,
  { by, refunded, at }: { by: EntityId | null; refunded: Amount; at: Date },
): Promise<void> {
  const payload = {
    disputeId: publicId(disputeId),
    requestId: publicId(requestId),
    by: by === null ? null : publicId(by),
    refunded,
  }
  await effects.emit({ type: 'resolution.applied', key: payload.disputeId, payload, at })
}
