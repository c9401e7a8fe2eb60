import { z } from 'zod'
import { answerOf, ok } from '../../platform/answer.ts'
import { type AuthGuard, actorOf } from '../../platform/auth-guard.ts'
import type { HttpApp } from '../../platform/http.ts'
import { idSchema, publicId } from '../../platform/ids.ts'
import { bulkReadSchema, type Notification, newNotificationSchema, notificationListSchema } from './model.ts'
import type { NotificationService } from './service.ts'

const notificationView = z.object({
  id: z.string(),
  title: z.string().nullable(),
  message: z.string().nullable(),
  type: z.string(),
  category: z.string(),
  relatedId: z.string().nullable(),
  metadata: z.record(z.string(), z.unknown()),
  actionUrl: z.string().nullable(),
  isRead: z.boolean(),
  readAt: z.string().nullable(),
  createdAt: z.string().nullable(),
})
const listView = z.object({
  notifications: z.array(notificationView),
  total: z.number(),
  page: z.number(),
  limit: z.number(),
})
const unreadView = z.object({ unreadCount: z.number(), byCategory: z.record(z.string(), z.number()) })
const markedView = z.object({ marked: z.number() })

const byId = z.object({ id: idSchema })

export function registerNotificationRoutes(
  app: HttpApp,
  service: NotificationService,
  guard: AuthGuard,
): void {
  const tags = ['notification']
  const preHandler = guard.authenticate
  const one = { tags, params: byId, response: { 200: answerOf(notificationView) } }

  app.get(
    '/api/notifications',
    {
      preHandler,
      schema: { tags, querystring: notificationListSchema, response: { 200: answerOf(listView) } },
    },
    async (request) => {
      const { page, limit } = request.query
      const { items, total } = await service.list(actorOf(request).id, request.query)
      return ok({ notifications: items.map(viewOf), total, page, limit })
    },
  )

  app.get(
    '/api/notifications/unread-count',
    { preHandler, schema: { tags, response: { 200: answerOf(unreadView) } } },
    async (request) => {
      const { total, byCategory } = await service.unread(actorOf(request).id)
      const lines = byCategory.map(({ category, count }) => [category ?? unnamed, count] as const)
      return ok({ unreadCount: total, byCategory: Object.fromEntries(lines) })
    },
  )

  app.get('/api/notifications/:id', { preHandler, schema: one }, async (request) =>
    ok(viewOf(await service.get(actorOf(request).id, request.params.id))),
  )

  app.patch('/api/notifications/:id/read', { preHandler, schema: one }, async (request) =>
    ok(viewOf(await service.markRead(actorOf(request).id, request.params.id))),
  )

  // Clients of different ages know it under one of two names.
  for (const [method, url] of [
    ['PATCH', '/api/notifications/mark-all-read'],
    ['POST', '/api/notifications/read-all'],
  ] as const) {
    app.route({
      method,
      url,
      preHandler,
      schema: { tags, response: { 200: answerOf(markedView) } },
      handler: async (request) => ok({ marked: await service.markAllRead(actorOf(request).id) }),
    })
  }

  app.patch(
    '/api/notifications/bulk/mark-read',
    { preHandler, schema: { tags, body: bulkReadSchema, response: { 200: answerOf(markedView) } } },
    async (request) =>
      ok({ marked: await service.markManyRead(actorOf(request).id, request.body.notificationIds) }),
  )

  app.delete(
    '/api/notifications/:id',
    { preHandler, schema: { tags, params: byId, response: { 200: answerOf(z.null()) } } },
    async (request) => {
      await service.remove(actorOf(request).id, request.params.id)
      return ok(null)
    },
  )

  app.post(
    '/api/notifications',
    {
      preHandler: guard.authorize('admin'),
      schema: { tags, body: newNotificationSchema, response: { 201: answerOf(notificationView) } },
    },
    async ({ body }, reply) => reply.status(201).send(ok(viewOf(await service.create(body)))),
  )
}

/** The category under which the past showed what names none. */
const unnamed = 'general'

function viewOf(notification: Notification): z.input<typeof notificationView> {
  return {
    id: publicId(notification.id),
    title: notification.title,
    message: notification.message,
    type: notification.type ?? 'info',
    category: notification.category ?? unnamed,
    relatedId: notification.relatedId,
    metadata: notification.metadata ?? {},
    actionUrl: notification.actionUrl,
    isRead: notification.isRead ?? false,
    readAt: notification.readAt?.toISOString() ?? null,
    createdAt: notification.createdAt?.toISOString() ?? null,
  }
}
