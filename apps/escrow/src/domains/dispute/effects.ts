import { z } from 'zod'
import { type Clock, MINUTE, SECOND } from '../../platform/clock.ts'
import type { EffectHandler } from '../../platform/effects.ts'
import { idSchema, publicId } from '../../platform/ids.ts'
import type { DisputeRepositories } from '../../units.ts'

/** So long after the hold its dispute may still be written; see `open-dispute.ts`. */
export const OPENING_TIME = 30 * SECOND

/** Well past the time in which the dispute may still come. */
const CLAIM_TIME = MINUTE

const holdPlaced = z.object({ disputeId: idSchema, requestId: idSchema })

/** What the dispute unit does with effects of the payment unit. */
export function createDisputeEffectHandlers({
  clock,
}: {
  clock: Clock
}): EffectHandler<DisputeRepositories>[] {
  return [claimHold(clock)]
}

/** A hold was placed for a dispute. If that never comes to be (its process died between the two), the hold is lifted. */
function claimHold(clock: Clock): EffectHandler<DisputeRepositories> {
  return {
    type: 'hold.placed',
    async apply(effect, { disputes, effects }) {
      const payload = holdPlaced.safeParse(effect.payload)
      if (!payload.success) return { outcome: 'refused', reason: 'the payload is not readable' }
      const { disputeId, requestId } = payload.data
      if ((await disputes.find(disputeId)) !== null) return { outcome: 'done' }
      const at = clock.now()
      if (at.getTime() - effect.at.getTime() < CLAIM_TIME)
        throw new Error(`Dispute ${publicId(disputeId)} is not there yet: asked again later.`)
      const unclaimed = { disputeId: publicId(disputeId), requestId: publicId(requestId) }
      await effects.emit({ type: 'hold.unclaimed', key: unclaimed.disputeId, payload: unclaimed, at })
      return { outcome: 'refused', reason: 'there is no such dispute' }
    },
  }
}
