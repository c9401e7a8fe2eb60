import type { Clock } from '../../platform/clock.ts'
import type { EffectHandler } from '../../platform/effects.ts'
import type { NotificationRepositories } from '../../units.ts'
import type { UserReadModel } from '../user/index.ts'
import { newNotificationSchema } from './model.ts'
import { newNotification } from './service.ts'

/** What the notification unit does with effects of other units. */
export function createNotificationEffectHandlers(options: {
  users: UserReadModel
  clock: Clock
}): EffectHandler<NotificationRepositories>[] {
  return [tellPerson(options)]
}

/** Another unit wants somebody told something: its payload is what `newNotificationSchema` reads. */
function tellPerson({
  users,
  clock,
}: {
  users: UserReadModel
  clock: Clock
}): EffectHandler<NotificationRepositories> {
  return {
    type: 'notification.requested',
    async apply(effect, { notifications }) {
      const payload = newNotificationSchema.safeParse(effect.payload)
      if (!payload.success)
        return { outcome: 'refused', reason: `payload: ${payload.error.issues[0]?.message}` }
      if (!(await users.summaries([payload.data.userId])).has(payload.data.userId))
        return { outcome: 'refused', reason: 'there is no such user' }
      await notifications.insert(newNotification(payload.data, clock.now()))
      return { outcome: 'done' }
    },
  }
}
