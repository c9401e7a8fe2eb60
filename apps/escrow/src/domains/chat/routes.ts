import { z } from 'zod'
import { answerOf, ok } from '../../platform/answer.ts'
import { type AuthGuard, actorOf } from '../../platform/auth-guard.ts'
import type { HttpApp } from '../../platform/http.ts'
import { idSchema, publicId } from '../../platform/ids.ts'
import { chatListSchema, newChatSchema, participantsSchema, requestChatSchema } from './input.ts'
import { registerMessageRoutes } from './message.routes.ts'
import type { Chat } from './model.ts'
import type { ChatService } from './service.ts'
import { chatView, chatViewOf, lastMessageViewOf, listedChatView } from './views.ts'

const byId = z.object({ id: idSchema })
const listAnswer = z.object({ items: z.array(listedChatView), total: z.number() })
const unreadAnswer = z.object({
  total: z.number(),
  chats: z.array(z.object({ chatId: z.string(), unread: z.number() })),
})

export function registerChatRoutes(app: HttpApp, service: ChatService, guard: AuthGuard): void {
  const tags = ['chat']
  const signedIn = { preHandler: guard.authenticate }
  const answer = { 200: answerOf(chatView), 201: answerOf(chatView) }

  const shown = async (chat: Chat) => ok(chatViewOf(chat, await service.people(usersIn([chat]))))

  app.post(
    '/api/chat',
    { ...signedIn, schema: { tags, body: newChatSchema, response: answer } },
    async (request, reply) => {
      // 201 also where a direct chat was found: that is what existing clients get.
      const { chat } = await service.create(actorOf(request), request.body)
      return reply.status(201).send(await shown(chat))
    },
  )

  app.post(
    '/api/chat/purchase-request',
    { ...signedIn, schema: { tags, body: requestChatSchema, response: answer } },
    async (request, reply) => {
      const { chat, isNew } = await service.openForRequest(actorOf(request), request.body)
      return reply.status(isNew ? 201 : 200).send(await shown(chat))
    },
  )

  app.post(
    '/api/chat/support',
    { ...signedIn, schema: { tags, response: answer } },
    async (request, reply) => {
      const { chat, isNew } = await service.openSupport(actorOf(request))
      return reply.status(isNew ? 201 : 200).send(await shown(chat))
    },
  )

  app.get(
    '/api/chat',
    { ...signedIn, schema: { tags, querystring: chatListSchema, response: { 200: answerOf(listAnswer) } } },
    async (request) => {
      const { items, total } = await service.list(actorOf(request), request.query)
      const people = await service.people(usersIn(items))
      return ok({
        items: items.map(({ lastMessage, unread, ...chat }) => ({
          ...chatViewOf(chat, people),
          lastMessage: lastMessage === null ? null : lastMessageViewOf(lastMessage),
          unreadCount: unread,
        })),
        total,
      })
    },
  )

  app.get(
    '/api/chat/unread',
    { ...signedIn, schema: { tags, response: { 200: answerOf(unreadAnswer) } } },
    async (request) => {
      const { total, chats } = await service.unread(actorOf(request))
      return ok({ total, chats: chats.map(({ chatId, unread }) => ({ chatId: publicId(chatId), unread })) })
    },
  )

  app.get(
    '/api/chat/:id/info',
    { ...signedIn, schema: { tags, params: byId, response: answer } },
    async (request) => shown(await service.info(actorOf(request), request.params.id)),
  )

  app.patch(
    '/api/chat/:id/archive',
    { ...signedIn, schema: { tags, params: byId, response: answer } },
    async (request) => shown(await service.toggleArchived(actorOf(request), request.params.id)),
  )

  app.post(
    '/api/chat/:id/participants',
    { ...signedIn, schema: { tags, params: byId, body: participantsSchema, response: answer } },
    async (request) => {
      const { params, body } = request
      return shown(await service.addParticipants(actorOf(request), params.id, body.userIds))
    },
  )

  app.delete(
    '/api/chat/:id/participants/:userId',
    { ...signedIn, schema: { tags, params: byId.extend({ userId: idSchema }), response: answer } },
    async (request) => {
      const { id, userId } = request.params
      return shown(await service.removeParticipant(actorOf(request), id, userId))
    },
  )

  app.post(
    '/api/chat/:id/leave',
    { ...signedIn, schema: { tags, params: byId, response: { 200: answerOf(z.null()) } } },
    async (request) => {
      await service.leave(actorOf(request), request.params.id)
      return ok(null)
    },
  )

  registerMessageRoutes(app, service, guard)
}

function usersIn(chats: Pick<Chat, 'participants'>[]) {
  return chats.flatMap(({ participants }) => participants.map(({ userId }) => userId))
}
