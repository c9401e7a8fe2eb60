import { z } from 'zod'
import { answerOf, ok } from '../../../platform/answer.ts'
import { type AuthGuard, actorOf } from '../../../platform/auth-guard.ts'
import type { HttpApp } from '../../../platform/http.ts'
import { idSchema } from '../../../platform/ids.ts'
import { newOfferSchema } from './input.ts'
import type { OfferService } from './service.ts'
import { offerView, offerViewOf } from './views.ts'

const byId = z.object({ id: idSchema })

export function registerOfferRoutes(app: HttpApp, service: OfferService, guard: AuthGuard): void {
  const tags = ['marketplace']
  const onRequest = '/api/marketplace/purchase-requests/:id/offers'
  const answer = { 200: answerOf(offerView) }

  app.post(
    onRequest,
    {
      preHandler: guard.authorize('seller'),
      schema: { tags, params: byId, body: newOfferSchema, response: { 201: answerOf(offerView) } },
    },
    async (request, reply) => {
      const offer = await service.create(actorOf(request), request.params.id, request.body)
      return reply.status(201).send(ok(offerViewOf(offer)))
    },
  )

  app.get(
    onRequest,
    {
      preHandler: guard.authenticate,
      schema: { tags, params: byId, response: { 200: answerOf(z.array(offerView)) } },
    },
    async (request) => ok((await service.list(actorOf(request), request.params.id)).map(offerViewOf)),
  )

  app.post(
    '/api/marketplace/offers/:id/accept',
    { preHandler: guard.authorize('buyer'), schema: { tags, params: byId, response: answer } },
    async (request) => ok(offerViewOf(await service.accept(actorOf(request), request.params.id))),
  )

  app.post(
    '/api/marketplace/offers/:id/withdraw',
    { preHandler: guard.authorize('seller'), schema: { tags, params: byId, response: answer } },
    async (request) => ok(offerViewOf(await service.withdraw(actorOf(request), request.params.id))),
  )
}
