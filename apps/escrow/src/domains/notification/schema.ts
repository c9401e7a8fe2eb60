import { sql } from 'drizzle-orm'
import { boolean, index, pgTable, text } from 'drizzle-orm/pg-core'
import { entityColumns, entityId, enumCheck, instant, jsonValue } from '../../platform/columns.ts'
import { notificationCategories, notificationTypes } from './model.ts'

/** A migration of references between units adds the one to people. */
export const notifications = pgTable(
  'notifications',
  {
    ...entityColumns(),
    userId: entityId('user_id'),
    title: text('title'),
    message: text('message'),
    type: text('type', { enum: notificationTypes }),
    category: text('category', { enum: notificationCategories }),
    relatedId: text('related_id'),
    metadata: jsonValue('metadata').$type<Record<string, unknown>>(),
    actionUrl: text('action_url'),
    isRead: boolean('is_read'),
    readAt: instant('read_at'),
  },
  (table) => [
    enumCheck('notifications', 'type', table.type, notificationTypes),
    enumCheck('notifications', 'category', table.category, notificationCategories),
    index('notifications_user_idx').on(table.userId, table.createdAt.desc().nullsLast(), table.id.desc()),
    index('notifications_user_category_idx').on(table.userId, table.category),
    index('notifications_unread_idx')
      .on(table.userId, table.category)
      .where(sql`${table.isRead} is not true`),
    index('notifications_related_idx').on(table.relatedId),
    index('notifications_created_idx').on(table.createdAt),
  ],
)
