import type { Paged } from '../../platform/answer.ts'
import type { EntityId } from '../../platform/ids.ts'
import type { CategoryCount, Notification, NotificationFilter } from './model.ts'

/** Raises no domain errors. */
export interface NotificationRepository {
  insert(notification: Notification): Promise<void>
  find(id: EntityId): Promise<Notification | null>
  /** Newest first; those without a date come last, the higher id first among equals. */
  listOf(userId: EntityId, filter: NotificationFilter): Promise<Paged<Notification>>
  /** What is not marked as read counts as unread, also where an old record does not say. */
  unreadCount(userId: EntityId): Promise<number>
  /** Ordered by category; notifications without one are a line of their own, the last. */
  unreadByCategory(userId: EntityId): Promise<CategoryCount[]>
  /** Those of the user among `ids` that are unread; answers how many there were. What was read keeps its time. */
  markRead(userId: EntityId, ids: EntityId[], at: Date): Promise<number>
  markAllRead(userId: EntityId, at: Date): Promise<number>
  remove(id: EntityId): Promise<void>
  /**
   * Removes at most `limit` of those created before `before` and answers how many; 0 where the store has lifetimes of
   * its own.
   */
  removeExpired(before: Date, limit: number): Promise<number>
}
