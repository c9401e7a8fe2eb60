import { z } from 'zod'
import { answerOf, ok } from '../../platform/answer.ts'
import { type AuthGuard, actorOf } from '../../platform/auth-guard.ts'
import type { HttpApp } from '../../platform/http.ts'
import { publicId } from '../../platform/ids.ts'
import { userView, userViewOf } from '../user/index.ts'
import { sessionInvalid } from './errors.ts'
import { proofSchema, signInSchema, type TelegramLink, type TelegramSession } from './model.ts'
import type { TelegramService } from './service.ts'

const sessionView = z.object({
  telegramUserId: z.string().nullable(),
  userId: z.string().nullable(),
  expiresAt: z.string().nullable(),
})
const openedView = sessionView.extend({ token: z.string() })
const linkView = z.object({
  telegramUserId: z.string().nullable(),
  username: z.string().nullable(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  lastSeenAt: z.string().nullable(),
})
const signedInView = z.object({
  user: userView,
  tokens: z.object({ accessToken: z.string(), refreshToken: z.string(), expiresIn: z.number() }),
  isNewUser: z.boolean(),
  telegram: z.object({
    // A number, as existing clients read it.
    userId: z.number(),
    username: z.string().nullable(),
    source: z.string(),
    session: openedView,
  }),
})
const updateSchema = z.looseObject({ update_id: z.number().int().nonnegative() })

/** The header in which the Mini App sends its session's token. */
const SESSION_HEADER = 'x-telegram-session'

export function registerTelegramRoutes(app: HttpApp, service: TelegramService, guard: AuthGuard): void {
  const tags = ['telegram']
  const signedIn = { preHandler: guard.authenticate }

  app.post(
    '/api/auth/telegram',
    {
      schema: {
        tags: ['auth'],
        body: signInSchema,
        response: { 200: answerOf(signedInView), 201: answerOf(signedInView) },
      },
    },
    async (request, reply) => {
      const userAgent = request.headers['user-agent']?.slice(0, 200) ?? null
      const { user, tokens, isNewUser, opened, launch } = await service.signIn(request.body, userAgent)
      const telegram = {
        userId: Number(launch.telegramUserId),
        username: launch.username,
        source: launch.source,
        session: { ...sessionViewOf(opened.session), token: opened.token },
      }
      return reply
        .status(isNewUser ? 201 : 200)
        .send(ok({ user: userViewOf(user), tokens, isNewUser, telegram }))
    },
  )

  app.post(
    '/api/telegram/session',
    { schema: { tags, body: proofSchema, response: { 200: answerOf(openedView) } } },
    async ({ body }) => {
      const { session, token } = await service.openSession(body)
      return ok({ ...sessionViewOf(session), token })
    },
  )

  app.get(
    '/api/telegram/session',
    { schema: { tags, response: { 200: answerOf(sessionView) } } },
    async ({ headers }) => ok(sessionViewOf(await service.session(tokenIn(headers)))),
  )

  app.get(
    '/api/telegram/sessions',
    { ...signedIn, schema: { tags, response: { 200: answerOf(z.array(sessionView)) } } },
    async (request) => ok((await service.sessionsOf(actorOf(request).id)).map(sessionViewOf)),
  )

  app.delete(
    '/api/telegram/session',
    { schema: { tags, response: { 200: answerOf(z.null()) } } },
    async ({ headers }) => {
      await service.endSession(tokenIn(headers))
      return ok(null)
    },
  )

  app.get(
    '/api/telegram/link',
    { ...signedIn, schema: { tags, response: { 200: answerOf(linkView.nullable()) } } },
    async (request) => {
      const link = await service.linkOf(actorOf(request).id)
      return ok(link === null ? null : linkViewOf(link))
    },
  )

  app.post(
    '/api/telegram/link',
    { ...signedIn, schema: { tags, body: proofSchema, response: { 200: answerOf(linkView) } } },
    async (request) => ok(linkViewOf(await service.link(actorOf(request).id, request.body))),
  )

  app.delete(
    '/api/telegram/link',
    { ...signedIn, schema: { tags, response: { 200: answerOf(z.null()) } } },
    async (request) => {
      await service.unlink(actorOf(request).id)
      return ok(null)
    },
  )

  app.post(
    '/api/telegram/webhook',
    { schema: { tags, body: updateSchema, response: { 200: answerOf(z.null()) } } },
    async ({ body, headers }) => {
      const secret = headers['x-telegram-bot-api-secret-token']
      await service.receiveUpdate(body.update_id, typeof secret === 'string' ? secret : undefined)
      return ok(null)
    },
  )
}

function tokenIn(headers: Record<string, string | string[] | undefined>): string {
  const token = headers[SESSION_HEADER]
  if (typeof token !== 'string' || token === '') throw sessionInvalid()
  return token
}

function sessionViewOf(session: TelegramSession): z.input<typeof sessionView> {
  return {
    telegramUserId: session.telegramUserId,
    userId: session.userId === null ? null : publicId(session.userId),
    expiresAt: session.expiresAt?.toISOString() ?? null,
  }
}

function linkViewOf(link: TelegramLink): z.input<typeof linkView> {
  return {
    telegramUserId: link.telegramUserId,
    username: link.username,
    firstName: link.firstName,
    lastName: link.lastName,
    lastSeenAt: link.lastSeenAt?.toISOString() ?? null,
  }
}
