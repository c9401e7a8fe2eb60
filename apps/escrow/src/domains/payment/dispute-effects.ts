import { z } from 'zod'
import type { Clock } from '../../platform/clock.ts'
import type { EffectHandler } from '../../platform/effects.ts'
import { type EntityId, idSchema } from '../../platform/ids.ts'
import {
  type Amount,
  addAmounts,
  amountSchema,
  compareAmounts,
  isPositive,
  zeroAmount,
} from '../../platform/money.ts'
import type { PaymentRepositories } from '../../units.ts'
import { endOfHold, type HoldOf, heldBy, liftHold, paymentsOf, readableBook } from './holds.ts'
import type { Payment } from './model.ts'
import { startRefund } from './payouts.ts'
import { emitResolutionApplied } from './sent-effects.ts'
import { mayMoveEscrow } from './states.ts'

const disputeEnded = z.object({
  disputeId: idSchema,
  requestId: idSchema,
  /** What goes back to the buyer: all of it, this much, or nothing. */
  refund: z.union([z.literal('all'), amountSchema, z.null()]),
  /** Whether this decides the deal: what does not go back is the seller's. Otherwise it goes on as before. */
  concludes: z.boolean().default(false),
  /** Who resolved it. */
  by: idSchema.nullable().default(null),
})

/**
 * A dispute has ended: its hold is lifted, and where money goes back to the buyer, that begins. Where some stays for
 * the seller, the request is told at once; where all of it goes back, once it is there (`refund.confirmed`).
 */
export function settleDispute(clock: Clock): EffectHandler<PaymentRepositories> {
  return {
    type: 'dispute.settled',
    async apply(effect, repositories) {
      const payload = disputeEnded.safeParse(effect.payload)
      if (!payload.success) return { outcome: 'refused', reason: 'the payload is not readable' }
      const { refund, concludes, by, ...hold } = payload.data
      const at = clock.now()
      const cause = endOfHold(at)
      if (refund === null) {
        const payments = await liftHold(repositories, hold, cause)
        if (concludes && payments.length > 0)
          await emitResolutionApplied(repositories, hold, { by, refunded: zeroAmount, at })
        return { outcome: 'done' }
      }
      const payments = await refundable(repositories, hold, refund === 'all' ? null : refund)
      if (typeof payments === 'string') return { outcome: 'refused', reason: payments }
      await liftHold(repositories, hold, cause)
      const decision = { ...cause, userId: by, reason: 'dispute resolved' }
      let refunded = zeroAmount
      for (const payment of payments) {
        const amount = refund === 'all' ? undefined : refund
        const wish = { amount, as: 'resolution', disputeId: hold.disputeId } as const
        const instruction = await startRefund(repositories, payment, wish, decision)
        refunded = addAmounts(refunded, instruction.amount)
      }
      if (concludes && (await isShared(repositories, hold.requestId)))
        await emitResolutionApplied(repositories, hold, { by, refunded, at })
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

/** Whether the seller has, or will have, a part of the request's money, by what is on its way back now. */
async function isShared(repositories: PaymentRepositories, requestId: EntityId): Promise<boolean> {
  for (const payment of await paymentsOf(repositories, requestId)) {
    const book = await readableBook(repositories, payment)
    // What the ledger does not tell has not gone back.
    if (book === null) return true
    const { available, held, releasing, released } = book.balance()
    if (isPositive(addAmounts(available, held, releasing, released))) return true
  }
  return false
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
