import { z } from 'zod'
import { answerOf, ok } from '../../platform/answer.ts'
import { type AuthGuard, actorOf } from '../../platform/auth-guard.ts'
import type { HttpApp } from '../../platform/http.ts'
import { idSchema } from '../../platform/ids.ts'
import { profileChangesSchema } from './model.ts'
import type { UserService } from './service.ts'
import { publicUserView, publicUserViewOf, userView, userViewOf } from './views.ts'

export function registerUserRoutes(app: HttpApp, service: UserService, guard: AuthGuard): void {
  const tags = ['user']
  const signedIn = { preHandler: guard.authenticate }
  const own = { ...signedIn, schema: { tags, response: { 200: answerOf(userView) } } }

  app.get('/api/user/profile', own, async (request) => ok(userViewOf(await service.get(actorOf(request).id))))
  app.get('/api/users/profile', own, async (request) =>
    ok(userViewOf(await service.get(actorOf(request).id))),
  )

  app.put(
    '/api/user/profile',
    { ...signedIn, schema: { tags, body: profileChangesSchema, response: { 200: answerOf(userView) } } },
    async (request) => ok(userViewOf(await service.changeProfile(actorOf(request).id, request.body))),
  )

  app.get(
    '/api/users/profile/:userId',
    {
      ...signedIn,
      schema: { tags, params: z.object({ userId: idSchema }), response: { 200: answerOf(publicUserView) } },
    },
    async ({ params }) => ok(publicUserViewOf(await service.get(params.userId))),
  )
}
