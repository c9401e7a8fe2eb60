import { and, count, eq, inArray, lt, sql } from 'drizzle-orm'
import { bornAt } from '../../platform/columns.ts'
import type { Database } from '../../platform/database.ts'
import { keptText } from '../../platform/extra.ts'
import {
  mergeCounts,
  metadataOf,
  type Notification,
  notificationCategories,
  notificationTypes,
} from './model.ts'
import type { NotificationRepository } from './repository.ts'
import { notifications as table } from './schema.ts'

const isUnread = sql`${table.isRead} is not true`

export function createNotificationRepository(db: Database): NotificationRepository {
  return {
    async insert({ type, category, ...notification }) {
      await db.insert(table).values({
        ...bornAt(notification.id, notification.createdAt ?? new Date()),
        ...notification,
        type: notificationTypes.find((known) => known === type),
        category: notificationCategories.find((known) => known === category),
      })
    },

    async find(id) {
      const [row] = await db.select().from(table).where(eq(table.id, id))
      return row === undefined ? null : notificationOf(row)
    },

    async listOf(userId, { page, limit, unreadOnly = false, relatedId }) {
      const where = and(
        eq(table.userId, userId),
        unreadOnly ? isUnread : undefined,
        relatedId === undefined ? undefined : eq(table.relatedId, relatedId),
      )
      const rows = await db
        .select()
        .from(table)
        .where(where)
        .orderBy(sql`${table.createdAt} desc nulls last`, sql`${table.id} desc nulls last`)
        .limit(limit)
        .offset((page - 1) * limit)
      const [counted] = await db.select({ total: count() }).from(table).where(where)
      return { items: rows.map(notificationOf), total: counted?.total ?? 0 }
    },

    async unreadCount(userId) {
      const [counted] = await db
        .select({ total: count() })
        .from(table)
        .where(and(eq(table.userId, userId), isUnread))
      return counted?.total ?? 0
    },

    async unreadByCategory(userId) {
      const kept = sql<unknown>`${table.extra} -> 'category'`
      const rows = await db
        .select({ category: table.category, kept, count: count() })
        .from(table)
        .where(and(eq(table.userId, userId), isUnread))
        .groupBy(table.category, kept)
      return mergeCounts(
        rows.map((row) => ({
          category: row.category ?? keptText({ category: row.kept }, 'category'),
          count: row.count,
        })),
      )
    },

    async markRead(userId, ids, at) {
      if (ids.length === 0) return 0
      const { rowCount } = await db
        .update(table)
        .set({ isRead: true, readAt: at, updatedAt: at })
        .where(and(inArray(table.id, ids), eq(table.userId, userId), isUnread))
      return rowCount ?? 0
    },

    async markAllRead(userId, at) {
      const { rowCount } = await db
        .update(table)
        .set({ isRead: true, readAt: at, updatedAt: at })
        .where(and(eq(table.userId, userId), isUnread))
      return rowCount ?? 0
    },

    async remove(id) {
      await db.delete(table).where(eq(table.id, id))
    },

    async removeExpired(before, limit) {
      const expired = db
        .select({ id: table.id })
        .from(table)
        .where(lt(table.createdAt, before))
        .orderBy(table.createdAt)
        .limit(limit)
        .for('update', { skipLocked: true })
      const { rowCount } = await db.delete(table).where(inArray(table.id, expired))
      return rowCount ?? 0
    },
  }
}

export function notificationOf(row: typeof table.$inferSelect): Notification {
  const text = (value: string | null, path: string) => value ?? keptText(row.extra, path)
  return {
    id: row.id,
    userId: row.userId,
    title: text(row.title, 'title'),
    message: text(row.message, 'message'),
    type: text(row.type, 'type'),
    category: text(row.category, 'category'),
    relatedId: text(row.relatedId, 'relatedId'),
    metadata: metadataOf(row.metadata),
    actionUrl: text(row.actionUrl, 'actionUrl'),
    isRead: row.isRead,
    readAt: row.readAt,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}
