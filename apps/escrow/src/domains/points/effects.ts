import type { Clock } from '../../platform/clock.ts'
import type { EffectHandler } from '../../platform/effects.ts'
import { wholeUnits } from '../../platform/money.ts'
import { entityReference } from '../../platform/reference.ts'
import type { UserRepositories } from '../../units.ts'
import type { LevelReadModel } from './level/index.ts'
import { requestCompletedSchema } from './model.ts'
import { movePoints } from './service.ts'

export interface UserEffectOptions {
  clock: Clock
  levels: Pick<LevelReadModel, 'ladder'>
}

/** What the user unit does with effects of other units. */
export function createUserEffectHandlers(options: UserEffectOptions): EffectHandler<UserRepositories>[] {
  return [earnForCompletedRequest(options)]
}

/** One point per whole unit of currency, once per request. */
function earnForCompletedRequest({ clock, levels }: UserEffectOptions): EffectHandler<UserRepositories> {
  return {
    type: 'request.completed',
    async apply(effect, repositories) {
      const payload = requestCompletedSchema.safeParse(effect.payload)
      if (!payload.success)
        return { outcome: 'refused', reason: `payload: ${payload.error.issues[0]?.message}` }
      const { requestId, buyerId, amount, currency } = payload.data
      const ladder = await levels.ladder()
      const user = await repositories.users.lock(buyerId)
      if (user === null) return { outcome: 'refused', reason: 'there is no such user' }
      const points = wholeUnits(amount)
      // Asked after the lock: of two deliveries at once, the second sees the entry of the first.
      if (points < 1 || (await repositories.pointTransactions.hasEarned('purchase', requestId))) {
        return { outcome: 'done' }
      }
      await movePoints(repositories, ladder, user, {
        type: 'earn',
        source: 'purchase',
        amount: points,
        order: entityReference(requestId),
        description: 'Points for a completed purchase',
        metadata: { orderAmount: amount, currency },
        at: clock.now(),
      })
      return { outcome: 'done' }
    },
  }
}
