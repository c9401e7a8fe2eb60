import { z } from 'zod'
import type { Clock } from '../../../platform/clock.ts'
import type { EffectHandler } from '../../../platform/effects.ts'
import { idSchema } from '../../../platform/ids.ts'
import type { RequestRepositories } from '../../../units.ts'

const ofRequest = z.object({ requestId: idSchema })

/** Shows on the request whether it is in dispute. Only shown: what holds the money is the ledger. */
export function showDispute(
  type: 'dispute.opened' | 'dispute.ended',
  clock: Clock,
): EffectHandler<RequestRepositories> {
  return {
    type,
    async apply(effect, { requests }) {
      const payload = ofRequest.safeParse(effect.payload)
      if (!payload.success) return { outcome: 'refused', reason: `the payload of ${type} is not readable` }
      const { requestId } = payload.data
      if ((await requests.findForUpdate(requestId)) === null)
        return { outcome: 'refused', reason: 'the purchase request does not exist' }
      const disputed = type === 'dispute.opened'
      await requests.update(requestId, { disputed, releaseHold: disputed }, clock.now())
      return { outcome: 'done' }
    },
  }
}
