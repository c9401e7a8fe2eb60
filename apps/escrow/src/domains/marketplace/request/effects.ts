import { z } from 'zod'
import type { Clock } from '../../../platform/clock.ts'
import type { Effect, EffectHandler, EffectOutcome } from '../../../platform/effects.ts'
import { type EntityId, idSchema, publicId } from '../../../platform/ids.ts'
import type { RequestRepositories } from '../../../units.ts'
import { isStanding } from '../offer/index.ts'
import { showDispute } from './dispute-effects.ts'
import { cancelRefunded, completeResolved } from './money-effects.ts'
import { moveRequest } from './move.ts'
import { awaitingPayment, isOneOf } from './states.ts'

const payinConfirmed = z.object({ paymentId: idSchema, requestId: idSchema, offerId: idSchema })
const negotiationBegan = z.object({ requestId: idSchema })
const payoutConfirmed = z.object({ paymentId: idSchema, requestId: idSchema })

/** What the request unit does with effects of other units. */
export function createRequestEffectHandlers({
  clock,
}: {
  clock: Clock
}): EffectHandler<RequestRepositories>[] {
  return [
    acceptPaidOffer(clock),
    markSellerPaid(clock),
    beginNegotiation(clock),
    showDispute('dispute.opened', clock),
    showDispute('dispute.ended', clock),
    completeResolved(clock),
    cancelRefunded(clock),
  ]
}

/**
 * Money came for an offer: the offer is accepted, the others are rejected, the request moves on. Where the offer or
 * the request is gone, the money goes back: `payin.refused` says so to the payment unit.
 */
function acceptPaidOffer(clock: Clock): EffectHandler<RequestRepositories> {
  return {
    type: 'payin.confirmed',
    async apply(effect, repositories) {
      const payload = payinConfirmed.safeParse(effect.payload)
      if (!payload.success) return unreadable(effect)
      const { paymentId, requestId, offerId } = payload.data
      const at = clock.now()
      const reason = await reasonAgainst(repositories, requestId, offerId)
      if (reason !== null) {
        const refusal = {
          paymentId: publicId(paymentId),
          requestId: publicId(requestId),
          offerId: publicId(offerId),
          reason,
        }
        await repositories.effects.emit({
          type: 'payin.refused',
          key: refusal.paymentId,
          payload: refusal,
          at,
        })
        return { outcome: 'refused', reason }
      }
      await accept(repositories, requestId, offerId, at)
      return { outcome: 'done' }
    },
  }
}

/** Why the paid offer cannot be taken; null where it can. Locks the request first, then the offer. */
async function reasonAgainst(
  { requests, offers }: RequestRepositories,
  requestId: EntityId,
  offerId: EntityId,
): Promise<string | null> {
  const request = await requests.findForUpdate(requestId)
  if (request === null) return 'the purchase request does not exist'
  if (!isOneOf(awaitingPayment, request.status)) return `the purchase request is ${request.status}`
  const offer = await offers.findForUpdate(offerId)
  if (offer === null || offer.purchaseRequestId !== requestId) return 'the offer does not exist'
  if (!isStanding(offer.status)) return `the offer is ${offer.status}`
  const all = await offers.listByRequest(requestId)
  const taken = all.find((other) => other.id !== offerId && other.status === 'accepted')
  return taken === undefined ? null : 'another offer was accepted'
}

async function accept(
  repositories: RequestRepositories,
  requestId: EntityId,
  offerId: EntityId,
  at: Date,
): Promise<void> {
  const { requests, offers } = repositories
  const request = await requests.find(requestId)
  if (request === null) throw new Error(`Request ${requestId} vanished while it was held.`)
  await offers.rejectStanding(requestId, offerId, at)
  await offers.setStatus(offerId, 'accepted', at)
  await moveRequest(repositories, request, {
    to: 'payment',
    as: 'system',
    by: null,
    reason: 'pay-in confirmed',
    at,
    patch: { selectedOfferId: offerId },
  })
}

/** The seller has the money. Nothing depends on it, so a request in another state is left as it is. */
function markSellerPaid(clock: Clock): EffectHandler<RequestRepositories> {
  return {
    type: 'payout.confirmed',
    async apply(effect, repositories) {
      const payload = payoutConfirmed.safeParse(effect.payload)
      if (!payload.success) return unreadable(effect)
      const request = await repositories.requests.findForUpdate(payload.data.requestId)
      if (request?.status !== 'completed') {
        return { outcome: 'refused', reason: `the purchase request is ${request?.status ?? 'gone'}` }
      }
      await moveRequest(repositories, request, {
        to: 'seller_paid',
        as: 'system',
        by: null,
        at: clock.now(),
      })
      return { outcome: 'done' }
    },
  }
}

/** Buyer and seller talk about the request. One that has gone on, or away, meanwhile is left as it is. */
function beginNegotiation(clock: Clock): EffectHandler<RequestRepositories> {
  return {
    type: 'negotiation.began',
    async apply(effect, repositories) {
      const payload = negotiationBegan.safeParse(effect.payload)
      if (!payload.success) return unreadable(effect)
      const request = await repositories.requests.findForUpdate(payload.data.requestId)
      if (request?.status !== 'received_offers') {
        return { outcome: 'refused', reason: `the purchase request is ${request?.status ?? 'gone'}` }
      }
      const reason = 'first message'
      await moveRequest(repositories, request, {
        to: 'in_negotiation',
        as: 'system',
        by: null,
        reason,
        at: clock.now(),
      })
      return { outcome: 'done' }
    },
  }
}

function unreadable(effect: Effect): EffectOutcome {
  return { outcome: 'refused', reason: `the payload of ${effect.type} is not readable` }
}
