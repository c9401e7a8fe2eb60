import { z } from 'zod'
import { answerOf, ok } from '../../platform/answer.ts'
import { type AuthGuard, actorOf } from '../../platform/auth-guard.ts'
import type { HttpApp } from '../../platform/http.ts'
import { idSchema } from '../../platform/ids.ts'
import { newIntentSchema, paymentListSchema, payoutOutcomeSchema, payoutSchema } from './input.ts'
import type { PaymentService } from './service.ts'
import {
  instructionView,
  instructionViewOf,
  paymentView,
  paymentViewOf,
  volumeView,
  volumeViewOf,
} from './views.ts'
import { registerWebhookRoute } from './webhook.route.ts'

const byId = z.object({ id: idSchema })
const intentAnswer = paymentView.extend({ intentId: z.string(), reused: z.boolean() })
const listAnswer = z.object({ items: z.array(paymentView), total: z.number() })

export function registerPaymentRoutes(app: HttpApp, service: PaymentService, guard: AuthGuard): void {
  const tags = ['payment']
  const signedIn = { preHandler: guard.authenticate }
  const admin = { preHandler: guard.authorize('admin') }
  const answer = { 200: answerOf(paymentView) }

  registerWebhookRoute(app, service)

  for (const path of ['/api/payment/intents', '/api/payment/request-network/intents']) {
    app.post(
      path,
      {
        preHandler: guard.authorize('buyer'),
        schema: {
          tags,
          body: newIntentSchema,
          response: { 200: answerOf(intentAnswer), 201: answerOf(intentAnswer) },
        },
      },
      async (request, reply) => {
        const { payment, reused } = await service.createIntent(actorOf(request), request.body)
        const view = paymentViewOf(payment)
        return reply.status(reused ? 200 : 201).send(ok({ ...view, intentId: view.id, reused }))
      },
    )
  }

  app.get(
    '/api/payment',
    {
      ...signedIn,
      schema: { tags, querystring: paymentListSchema, response: { 200: answerOf(listAnswer) } },
    },
    async (request) => {
      const { items, total } = await service.list(actorOf(request), request.query)
      return ok({ items: items.map(paymentViewOf), total })
    },
  )

  app.get(
    '/api/payment/statistics',
    { ...signedIn, schema: { tags, response: { 200: answerOf(z.array(volumeView)) } } },
    async (request) => ok((await service.statistics(actorOf(request))).map(volumeViewOf)),
  )

  app.get(
    '/api/payment/:id',
    { ...signedIn, schema: { tags, params: byId, response: answer } },
    async (request) => ok(paymentViewOf(await service.get(actorOf(request), request.params.id))),
  )

  for (const direction of ['release', 'refund'] as const) {
    const start = direction === 'release' ? service.release : service.refund
    const confirm = direction === 'release' ? service.confirmRelease : service.confirmRefund

    app.post(
      `/api/payment/:id/${direction}`,
      {
        ...admin,
        schema: { tags, params: byId, body: payoutSchema, response: { 200: answerOf(instructionView) } },
      },
      async (request) =>
        ok(instructionViewOf(await start(actorOf(request), request.params.id, request.body, request.id))),
    )

    app.post(
      `/api/payment/:id/${direction}/confirm`,
      { ...admin, schema: { tags, params: byId, body: payoutOutcomeSchema, response: answer } },
      async (request) =>
        ok(paymentViewOf(await confirm(actorOf(request), request.params.id, request.body, request.id))),
    )
  }
}
