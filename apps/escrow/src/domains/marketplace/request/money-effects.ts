import { z } from 'zod'
import type { Clock } from '../../../platform/clock.ts'
import type { EffectHandler } from '../../../platform/effects.ts'
import { idSchema } from '../../../platform/ids.ts'
import { amountSchema } from '../../../platform/money.ts'
import type { RequestRepositories } from '../../../units.ts'
import { cancelRequest, completeRequest } from './endings.ts'
import type { PurchaseRequest } from './model.ts'
import { emitDelivered } from './sent-effects.ts'
import { type Mover, mayMoveRequest } from './states.ts'
import type { RequestStatus } from './vocabulary.ts'

const refundConfirmed = z.object({
  requestId: idSchema,
  as: z.enum(['admin', 'resolution']),
  by: idSchema.nullable(),
  reason: z.string().nullable(),
})

/**
 * All of the request's money is back with the buyer, by an administrator or by a resolution: the request is cancelled
 * and its offers are rejected. One that may not be cancelled any more, or not by them, is left as it is.
 */
export function cancelRefunded(clock: Clock): EffectHandler<RequestRepositories> {
  return {
    type: 'refund.confirmed',
    async apply(effect, repositories) {
      const payload = refundConfirmed.safeParse(effect.payload)
      if (!payload.success) return { outcome: 'refused', reason: 'the payload is not readable' }
      const { requestId, as, by, reason } = payload.data
      const request = await repositories.requests.findForUpdate(requestId)
      if (!isMovable(request, 'cancelled', as)) return { outcome: 'refused', reason: refusalOf(request) }
      const because = reason ?? 'refunded in full'
      await cancelRequest(repositories, request, { as, by, reason: because, at: clock.now() })
      return { outcome: 'done' }
    },
  }
}

const resolutionApplied = z.object({
  requestId: idSchema,
  by: idSchema.nullable(),
  refunded: amountSchema,
})

/**
 * A resolution left the money, or a part of it, to the seller: once the goods are on their way that completes the
 * request, and the rest may be released. Before that the deal goes on, and the request is left as it is.
 */
export function completeResolved(clock: Clock): EffectHandler<RequestRepositories> {
  return {
    type: 'resolution.applied',
    async apply(effect, repositories) {
      const payload = resolutionApplied.safeParse(effect.payload)
      if (!payload.success) return { outcome: 'refused', reason: 'the payload is not readable' }
      const { requestId, by, refunded } = payload.data
      const request = await repositories.requests.findForUpdate(requestId)
      if (!isMovable(request, 'completed', 'resolution'))
        return { outcome: 'refused', reason: refusalOf(request) }
      const at = clock.now()
      const reason = 'dispute resolved'
      await completeRequest(repositories, request, { as: 'resolution', by, reason, at, refunded })
      // The resolution stands for the delivery that nobody has confirmed.
      await emitDelivered(repositories, requestId, at)
      return { outcome: 'done' }
    },
  }
}

function isMovable(
  request: PurchaseRequest | null,
  to: RequestStatus,
  as: Mover,
): request is PurchaseRequest {
  return request !== null && mayMoveRequest(request.status, to, as)
}

function refusalOf(request: PurchaseRequest | null): string {
  return request === null
    ? 'the purchase request does not exist'
    : `the purchase request is ${request.status ?? 'without a status'}`
}
