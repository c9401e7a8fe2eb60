import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { answerOf, ok } from '../../platform/answer.ts'
import type { HttpApp } from '../../platform/http.ts'
import { userView, userViewOf } from '../user/index.ts'
import { emailSchema, loginSchema, refreshSchema, registerSchema, verifyCodeSchema } from './model.ts'
import type { AuthService, SignedIn } from './service.ts'

const tokensView = z.object({ accessToken: z.string(), refreshToken: z.string(), expiresIn: z.number() })
const signedInView = z.object({ user: userView, tokens: tokensView })
const sentView = z.object({ email: z.string() })

export function registerAuthRoutes(app: HttpApp, service: AuthService): void {
  const tags = ['auth']
  const signedIn = { 200: answerOf(signedInView) }

  app.post(
    '/api/auth/register',
    { schema: { tags, body: registerSchema, response: { 200: answerOf(sentView) } } },
    async ({ body }) => ok(await service.register(body)),
  )

  app.post(
    '/api/auth/verify-email-code',
    { schema: { tags, body: verifyCodeSchema, response: signedIn } },
    async (request) => ok(viewOf(await service.verifyCode(request.body, userAgentOf(request)))),
  )

  app.post(
    '/api/auth/resend-verification',
    { schema: { tags, body: emailSchema, response: { 200: answerOf(sentView) } } },
    async ({ body }) => ok(await service.resendCode(body.email)),
  )

  app.post('/api/auth/login', { schema: { tags, body: loginSchema, response: signedIn } }, async (request) =>
    ok(viewOf(await service.login(request.body, userAgentOf(request)))),
  )

  app.post(
    '/api/auth/refresh-token',
    { schema: { tags, body: refreshSchema, response: { 200: answerOf(tokensView) } } },
    async ({ body }) => ok(await service.refresh(body.refreshToken)),
  )

  app.post(
    '/api/auth/logout',
    { schema: { tags, body: refreshSchema, response: { 200: answerOf(z.null()) } } },
    async ({ body }) => {
      await service.logout(body.refreshToken)
      return ok(null)
    },
  )
}

function viewOf({ user, tokens }: SignedIn): z.input<typeof signedInView> {
  return { user: userViewOf(user), tokens }
}

function userAgentOf(request: FastifyRequest): string | null {
  return request.headers['user-agent']?.slice(0, 200) ?? null
}
