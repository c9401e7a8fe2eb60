import type { Clock } from '../../platform/clock.ts'
import { notFound } from '../../platform/errors.ts'
import { type EntityId, newId, publicId } from '../../platform/ids.ts'
import type { Units } from '../../units.ts'
import { linkTaken, onlyWayIn, otherAccountLinked } from './errors.ts'
import type { Launch } from './init-data.ts'
import type { LaunchSessions } from './launch-sessions.ts'
import type { TelegramLink } from './model.ts'

export interface TelegramLinks {
  of(userId: EntityId): Promise<TelegramLink | null>
  /** Repeating it changes nothing. Raises NOT_FOUND, TELEGRAM_LINK_TAKEN, TELEGRAM_OTHER_LINKED. */
  link(userId: EntityId, launch: Launch): Promise<TelegramLink>
  /** Ends the Mini App's sessions too. Raises NOT_FOUND, TELEGRAM_ONLY_SIGN_IN. */
  unlink(userId: EntityId): Promise<void>
}

export interface TelegramLinksOptions {
  units: Pick<Units, 'user'>
  clock: Clock
  launchSessions: LaunchSessions
}

export function createTelegramLinks({ units, clock, launchSessions }: TelegramLinksOptions): TelegramLinks {
  const store = units.user
  return {
    of: (userId) => store.read.telegramLinks.findActiveOf(userId),

    link: (userId, launch) =>
      store.transaction(async ({ users, telegramLinks }) => {
        if ((await users.lock(userId)) === null) throw notFound('user', publicId(userId))
        const taken = await telegramLinks.findActive(launch.telegramUserId)
        if (taken !== null && taken.userId !== userId) throw linkTaken()
        if (taken !== null) return taken
        if ((await telegramLinks.findActiveOf(userId)) !== null) throw otherAccountLinked()
        const link = newLink(launch, userId, clock.now())
        await telegramLinks.insert(link)
        await users.update(userId, { telegramVerified: true }, clock.now())
        return link
      }),

    async unlink(userId) {
      const link = await store.transaction(async ({ users, telegramLinks }) => {
        const user = await users.lock(userId)
        const active = await telegramLinks.findActiveOf(userId)
        if (user === null || active === null) throw notFound('Telegram link of user', publicId(userId))
        if (user.email === null || user.password === null) throw onlyWayIn()
        await telegramLinks.update(active.id, { isActive: false }, clock.now())
        await users.update(userId, { telegramVerified: false }, clock.now())
        return active
      })
      if (link.telegramUserId !== null) await launchSessions.endAll(link.telegramUserId)
    },
  }
}

export function newLink(launch: Launch, userId: EntityId, at: Date): TelegramLink {
  return {
    id: newId(at),
    telegramUserId: launch.telegramUserId,
    userId,
    username: launch.username,
    firstName: launch.firstName,
    lastName: launch.lastName,
    isActive: true,
    lastSeenAt: at,
    origin: 'app',
    createdAt: at,
    updatedAt: at,
  }
}
