import type { Paged } from '../../platform/answer.ts'
import type { Clock } from '../../platform/clock.ts'
import { forbidden, notFound } from '../../platform/errors.ts'
import { type EntityId, newId, publicId } from '../../platform/ids.ts'
import type { NotificationRepositories, Units } from '../../units.ts'
import type { UserReadModel } from '../user/index.ts'
import type { CategoryCount, NewNotification, Notification, NotificationFilter } from './model.ts'

export interface UnreadCount {
  total: number
  byCategory: CategoryCount[]
}

export interface NotificationService {
  list(userId: EntityId, filter: NotificationFilter): Promise<Paged<Notification>>
  unread(userId: EntityId): Promise<UnreadCount>
  /** Raises NOT_FOUND, FORBIDDEN for somebody else's. */
  get(userId: EntityId, id: EntityId): Promise<Notification>
  /** What was read before keeps its time. Raises NOT_FOUND, FORBIDDEN. */
  markRead(userId: EntityId, id: EntityId): Promise<Notification>
  /** Ids of others and unknown ones are passed over; answers how many were unread. */
  markManyRead(userId: EntityId, ids: EntityId[]): Promise<number>
  markAllRead(userId: EntityId): Promise<number>
  /** Raises NOT_FOUND, FORBIDDEN. */
  remove(userId: EntityId, id: EntityId): Promise<void>
  /** Raises NOT_FOUND where there is no such person. */
  create(input: NewNotification): Promise<Notification>
}

export interface NotificationServiceOptions {
  units: Pick<Units, 'notification'>
  users: UserReadModel
  clock: Clock
}

export function createNotificationService({
  units,
  users,
  clock,
}: NotificationServiceOptions): NotificationService {
  const store = units.notification

  return {
    list: (userId, filter) => store.read.notifications.listOf(userId, filter),

    async unread(userId) {
      const byCategory = await store.read.notifications.unreadByCategory(userId)
      return { total: byCategory.reduce((sum, { count }) => sum + count, 0), byCategory }
    },

    get: (userId, id) => ownNotification(store.read, userId, id),

    markRead: (userId, id) =>
      store.transaction(async (repositories) => {
        await ownNotification(repositories, userId, id)
        await repositories.notifications.markRead(userId, [id], clock.now())
        return ownNotification(repositories, userId, id)
      }),

    markManyRead: (userId, ids) =>
      store.transaction(({ notifications }) => notifications.markRead(userId, ids, clock.now())),

    markAllRead: (userId) =>
      store.transaction(({ notifications }) => notifications.markAllRead(userId, clock.now())),

    remove: (userId, id) =>
      store.transaction(async (repositories) => {
        await ownNotification(repositories, userId, id)
        await repositories.notifications.remove(id)
      }),

    async create(input) {
      if (!(await users.summaries([input.userId])).has(input.userId))
        throw notFound('user', publicId(input.userId))
      const notification = newNotification(input, clock.now())
      await store.transaction(({ notifications }) => notifications.insert(notification))
      return notification
    },
  }
}

async function ownNotification(
  { notifications }: NotificationRepositories,
  userId: EntityId,
  id: EntityId,
): Promise<Notification> {
  const found = await notifications.find(id)
  if (found === null) throw notFound('notification', publicId(id))
  if (found.userId !== userId) throw forbidden('This notification is for somebody else.')
  return found
}

export function newNotification(input: NewNotification, at: Date): Notification {
  return {
    ...input,
    id: newId(at),
    relatedId: input.relatedId ?? null,
    metadata: input.metadata ?? null,
    actionUrl: input.actionUrl ?? null,
    isRead: false,
    readAt: null,
    createdAt: at,
    updatedAt: at,
  }
}
