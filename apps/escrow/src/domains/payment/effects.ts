import { z } from 'zod'
import type { Clock } from '../../platform/clock.ts'
import type { EffectHandler } from '../../platform/effects.ts'
import { idSchema } from '../../platform/ids.ts'
import { entityReference } from '../../platform/reference.ts'
import type { PaymentRepositories } from '../../units.ts'
import { liftUnclaimedHold, settleDispute } from './dispute-effects.ts'
import { startRefund } from './payouts.ts'
import { mayMoveEscrow } from './states.ts'

const payinRefused = z.object({ paymentId: idSchema, reason: z.string() })
const requestDelivered = z.object({ requestId: idSchema })

/** What the payment unit does with effects of other units. */
export function createPaymentEffectHandlers({
  clock,
}: {
  clock: Clock
}): EffectHandler<PaymentRepositories>[] {
  return [refundRefusedPayin(clock), makeReleasable(clock), settleDispute(clock), liftUnclaimedHold(clock)]
}

/** The offer was gone when its money came: all of it goes back to the buyer. */
function refundRefusedPayin(clock: Clock): EffectHandler<PaymentRepositories> {
  return {
    type: 'payin.refused',
    async apply(effect, repositories) {
      const payload = payinRefused.safeParse(effect.payload)
      if (!payload.success) return { outcome: 'refused', reason: 'the payload is not readable' }
      const { paymentId, reason } = payload.data
      const payment = await repositories.payments.findForUpdate(paymentId)
      if (payment === null) return { outcome: 'refused', reason: 'there is no such payment' }
      if (!mayMoveEscrow(payment.escrowState, 'refunding', 'system') || payment.ledgerComplete !== true) {
        return { outcome: 'refused', reason: `the escrow is ${payment.escrowState}` }
      }
      const cause = { userId: null, agent: 'system', reason, requestId: null, at: clock.now() }
      await startRefund(repositories, payment, { as: 'system' }, cause)
      return { outcome: 'done' }
    },
  }
}

/** The goods arrived: what the buyer paid may be released. */
function makeReleasable(clock: Clock): EffectHandler<PaymentRepositories> {
  return {
    type: 'request.delivered',
    async apply(effect, { payments }) {
      const payload = requestDelivered.safeParse(effect.payload)
      if (!payload.success) return { outcome: 'refused', reason: 'the payload is not readable' }
      const filter = {
        purchaseRequest: entityReference(payload.data.requestId),
        direction: 'in',
        status: 'confirmed',
      }
      let moved = 0
      for (const { id } of await payments.list(filter, { limit: 100, offset: 0 })) {
        const payment = await payments.findForUpdate(id)
        if (payment === null || !mayMoveEscrow(payment.escrowState, 'releasable', 'system')) continue
        await payments.update(id, { escrowState: 'releasable' }, clock.now())
        moved += 1
      }
      return moved > 0
        ? { outcome: 'done' }
        : { outcome: 'refused', reason: 'no funded payment of this request' }
    },
  }
}
