import { z } from 'zod'
import type { Clock } from '../../platform/clock.ts'
import type { EffectHandler } from '../../platform/effects.ts'
import { idSchema } from '../../platform/ids.ts'
import { type Amount, addAmounts, amountSchema, compareAmounts } from '../../platform/money.ts'
import type { PaymentRepositories } from '../../units.ts'
import { endOfHold, type HoldOf, heldBy, liftHold, paymentsOf, readableBook } from './holds.ts'
import type { Payment } from './model.ts'
import { startRefund } from './payouts.ts'
import { mayMoveEscrow } from './states.ts'

const disputeEnded = z.object({
  disputeId: idSchema,
  requestId: idSchema,
  /** What goes back to the buyer: all of it, this much, or nothing. */
  refund: z.union([z.literal('all'), amountSchema, z.null()]),
})

/** A dispute has ended: its hold is lifted, and where money goes back to the buyer, that begins. */
export function settleDispute(clock: Clock): EffectHandler<PaymentRepositories> {
  return {
    type: 'dispute.settled',
    async apply(effect, repositories) {
      const payload = disputeEnded.safeParse(effect.payload)
      if (!payload.success) return { outcome: 'refused', reason: 'the payload is not readable' }
      const { refund, ...hold } = payload.data
      const cause = endOfHold(clock.now())
      if (refund === null) {
        await liftHold(repositories, hold, cause)
        return { outcome: 'done' }
      }
      const payments = await refundable(repositories, hold, refund === 'all' ? null : refund)
      if (typeof payments === 'string') return { outcome: 'refused', reason: payments }
      await liftHold(repositories, hold, cause)
      for (const payment of payments) {
        const amount = refund === 'all' ? undefined : refund
        await startRefund(repositories, payment, amount, { ...cause, reason: 'dispute resolved' })
      }
      return { outcome: 'done' }
    },
  }
}

/**
 * The payments that go back, or why they cannot: then everything stays as it is, the hold too, and somebody has to
 * look. A part is taken of one payment that covers it.
 */
async function refundable(
  repositories: PaymentRepositories,
  hold: HoldOf,
  amount: Amount | null,
): Promise<Payment[] | string> {
  const covered: Payment[] = []
  for (const payment of await paymentsOf(repositories, hold.requestId)) {
    const book = await readableBook(repositories, payment)
    const held = book === null ? null : heldBy(book, hold, payment)
    if (book === null || held === null) continue
    if (!mayMoveEscrow(payment.escrowState, 'refunding', 'resolution'))
      return `the escrow is ${payment.escrowState}`
    if (amount === null || compareAmounts(addAmounts(held, book.balance().available), amount) >= 0)
      covered.push(payment)
  }
  if (covered.length === 0) return 'nothing is held that could go back'
  return amount === null ? covered : covered.slice(0, 1)
}

const holdUnclaimed = z.object({ disputeId: idSchema, requestId: idSchema })

/** The hold was placed, but its dispute never came to be. */
export function liftUnclaimedHold(clock: Clock): EffectHandler<PaymentRepositories> {
  return {
    type: 'hold.unclaimed',
    async apply(effect, repositories) {
      const payload = holdUnclaimed.safeParse(effect.payload)
      if (!payload.success) return { outcome: 'refused', reason: 'the payload is not readable' }
      await liftHold(repositories, payload.data, endOfHold(clock.now()))
      return { outcome: 'done' }
    },
  }
}
