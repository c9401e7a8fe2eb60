import { z } from 'zod'
import { answerOf, ok } from '../../platform/answer.ts'
import { type Actor, type AuthGuard, actorOf } from '../../platform/auth-guard.ts'
import type { HttpApp } from '../../platform/http.ts'
import { idSchema } from '../../platform/ids.ts'
import { isStaff } from './access.ts'
import { editSchema, messageWindowSchema, newMessageSchema, reactionSchema, readSchema } from './input.ts'
import type { Message } from './model.ts'
import type { ChatService } from './service.ts'
import { messageView, messageViewOf } from './views.ts'

const byId = z.object({ id: idSchema })
const byMessage = byId.extend({ messageId: idSchema })
const pageAnswer = z.object({ messages: z.array(messageView), hasMore: z.boolean() })

export function registerMessageRoutes(app: HttpApp, service: ChatService, guard: AuthGuard): void {
  const tags = ['chat']
  const path = '/api/chat/:id/messages'
  const signedIn = { preHandler: guard.authenticate }
  const answer = { 200: answerOf(messageView) }
  const nothing = { 200: answerOf(z.null()) }

  async function shown(actor: Actor, messages: Message[]) {
    const people = await service.people(messages.map(({ senderId }) => senderId))
    return messages.map((message) => messageViewOf(message, people, { withHidden: isStaff(actor) }))
  }

  async function shownOne(actor: Actor, message: Message) {
    const people = await service.people([message.senderId])
    return ok(messageViewOf(message, people, { withHidden: isStaff(actor) }))
  }

  app.get(
    path,
    {
      ...signedIn,
      schema: {
        tags,
        params: byId,
        querystring: messageWindowSchema,
        response: { 200: answerOf(pageAnswer) },
      },
    },
    async (request) => {
      const actor = actorOf(request)
      const { messages, hasMore } = await service.messages(actor, request.params.id, request.query)
      return ok({ messages: await shown(actor, messages), hasMore })
    },
  )

  app.post(
    path,
    {
      ...signedIn,
      schema: { tags, params: byId, body: newMessageSchema, response: { 201: answerOf(messageView) } },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const message = await service.send(actor, request.params.id, request.body)
      return reply.status(201).send(await shownOne(actor, message))
    },
  )

  app.patch(
    `${path}/read`,
    { ...signedIn, schema: { tags, params: byId, body: readSchema, response: nothing } },
    async (request) => {
      await service.markRead(actorOf(request), request.params.id, request.body?.upTo)
      return ok(null)
    },
  )

  app.patch(
    `${path}/:messageId`,
    { ...signedIn, schema: { tags, params: byMessage, body: editSchema, response: answer } },
    async (request) => {
      const actor = actorOf(request)
      const { id, messageId } = request.params
      return shownOne(actor, await service.edit(actor, id, messageId, request.body.content))
    },
  )

  app.delete(
    `${path}/:messageId`,
    { ...signedIn, schema: { tags, params: byMessage, response: nothing } },
    async (request) => {
      const { id, messageId } = request.params
      await service.remove(actorOf(request), id, messageId)
      return ok(null)
    },
  )

  app.post(
    `${path}/:messageId/reactions`,
    { ...signedIn, schema: { tags, params: byMessage, body: reactionSchema, response: answer } },
    async (request) => {
      const actor = actorOf(request)
      const { id, messageId } = request.params
      return shownOne(actor, await service.react(actor, id, messageId, request.body.emoji))
    },
  )

  app.delete(
    `${path}/:messageId/reactions`,
    { ...signedIn, schema: { tags, params: byMessage, querystring: reactionSchema, response: answer } },
    async (request) => {
      const actor = actorOf(request)
      const { id, messageId } = request.params
      return shownOne(actor, await service.unreact(actor, id, messageId, request.query.emoji))
    },
  )
}
