import { z } from 'zod'
import { type Page, pageSchema } from '../../platform/answer.ts'
import { DAY } from '../../platform/clock.ts'
import { mergeLines } from '../../platform/grouped-lines.ts'
import { type EntityId, idSchema } from '../../platform/ids.ts'

export const notificationTypes = ['info', 'success', 'warning', 'error'] as const
export const notificationCategories = ['purchase_request', 'offer', 'payment', 'delivery', 'system'] as const

export type NotificationType = (typeof notificationTypes)[number]
export type NotificationCategory = (typeof notificationCategories)[number]

/** So long a notification lives. */
export const NOTIFICATION_LIFE = 90 * DAY

/** Something that a person is told. Old ones may lack anything but the id; null is "not there". */
export interface Notification {
  id: EntityId
  userId: EntityId | null
  title: string | null
  message: string | null
  /** The stored words; old ones may be unknown (`general`). */
  type: string | null
  category: string | null
  /** What it is about, by the public id or any other text. */
  relatedId: string | null
  metadata: Record<string, unknown> | null
  actionUrl: string | null
  isRead: boolean | null
  readAt: Date | null
  createdAt: Date | null
  updatedAt: Date | null
}

/** What is stored as metadata, or nothing where an old record has something else in its place. */
export function metadataOf(stored: unknown): Record<string, unknown> | null {
  const isDocument = typeof stored === 'object' && stored !== null && !Array.isArray(stored)
  return isDocument ? (stored as Record<string, unknown>) : null
}

export const newNotificationSchema = z.object({
  userId: idSchema,
  title: z.string().trim().min(1).max(200),
  message: z.string().trim().min(1).max(1000),
  type: z.enum(notificationTypes).default('info'),
  category: z.enum(notificationCategories).default('system'),
  relatedId: z.string().max(200).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  actionUrl: z.string().max(500).nullish(),
})
export type NewNotification = z.output<typeof newNotificationSchema>

export const notificationListSchema = pageSchema.extend({
  unreadOnly: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
  /** What they are about: the id of a request, say. */
  relatedId: z.string().max(200).optional(),
})

export interface NotificationFilter extends Page {
  unreadOnly?: boolean
  relatedId?: string
}

export const bulkReadSchema = z.object({ notificationIds: z.array(idSchema).min(1).max(200) })

export interface CategoryCount {
  category: string | null
  count: number
}

/** One line per category as it is shown, ordered by it, the missing one last. */
export function mergeCounts(counts: readonly CategoryCount[]): CategoryCount[] {
  return mergeLines(counts, ['category'], (known, { count }) => ({ ...known, count: known.count + count }))
}
