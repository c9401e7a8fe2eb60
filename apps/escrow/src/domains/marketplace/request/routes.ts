import { z } from 'zod'
import { answerOf, ok } from '../../../platform/answer.ts'
import { type Actor, type AuthGuard, actorOf } from '../../../platform/auth-guard.ts'
import type { HttpApp } from '../../../platform/http.ts'
import { idSchema } from '../../../platform/ids.ts'
import {
  cancelSchema,
  deliveryCodeSchema,
  newRequestSchema,
  overrideSchema,
  requestListSchema,
  shipSchema,
} from './input.ts'
import type { PurchaseRequest } from './model.ts'
import type { RequestService } from './service.ts'
import { requestSummaryView, requestSummaryViewOf, requestView, requestViewOf } from './views.ts'

const byId = z.object({ id: idSchema })
const listAnswer = z.object({ items: z.array(requestSummaryView), total: z.number() })
const codeAnswer = z.object({ code: z.string(), expiresAt: z.iso.datetime() })

export function registerRequestRoutes(app: HttpApp, service: RequestService, guard: AuthGuard): void {
  const tags = ['marketplace']
  const path = '/api/marketplace/purchase-requests'
  const answer = { 200: answerOf(requestView) }
  const signedIn = { preHandler: guard.authenticate }
  const seller = { preHandler: guard.authorize('seller') }

  const shown = async (actor: Actor, request: PurchaseRequest) =>
    ok(requestViewOf(request, { withAddress: await service.maySeeAddress(actor, request) }))

  app.post(
    path,
    {
      preHandler: guard.authorize('buyer', 'admin'),
      schema: { tags, body: newRequestSchema, response: { 201: answerOf(requestView) } },
    },
    async (request, reply) => {
      const created = await service.create(actorOf(request), request.body)
      return reply.status(201).send(ok(requestViewOf(created, { withAddress: true })))
    },
  )

  app.get(
    path,
    {
      ...signedIn,
      schema: { tags, querystring: requestListSchema, response: { 200: answerOf(listAnswer) } },
    },
    async (request) => {
      const { items, total } = await service.list(actorOf(request), request.query)
      return ok({ items: items.map(requestSummaryViewOf), total })
    },
  )

  app.get(
    `${path}/:id`,
    { ...signedIn, schema: { tags, params: byId, response: answer } },
    async (request) => {
      const actor = actorOf(request)
      return shown(actor, await service.get(actor, request.params.id))
    },
  )

  app.post(
    `${path}/:id/cancel`,
    {
      preHandler: guard.authorize('buyer', 'admin'),
      schema: { tags, params: byId, body: cancelSchema, response: answer },
    },
    async (request) => {
      const actor = actorOf(request)
      return shown(actor, await service.cancel(actor, request.params.id, request.body.reason))
    },
  )

  app.patch(
    `${path}/:id/status`,
    {
      preHandler: guard.authorize('admin'),
      schema: { tags, params: byId, body: overrideSchema, response: answer },
    },
    async (request) => {
      const actor = actorOf(request)
      return shown(actor, await service.override(actor, request.params.id, request.body))
    },
  )

  app.put(
    `${path}/:id/delivery`,
    { ...seller, schema: { tags: ['delivery'], params: byId, body: shipSchema, response: answer } },
    async (request) => {
      const actor = actorOf(request)
      return shown(actor, await service.ship(actor, request.params.id, request.body))
    },
  )

  app.post(
    `${path}/:id/delivery-code/generate`,
    { ...signedIn, schema: { tags: ['delivery'], params: byId, response: { 200: answerOf(codeAnswer) } } },
    async (request) => {
      const { code, expiresAt } = await service.generateDeliveryCode(actorOf(request), request.params.id)
      return ok({ code, expiresAt: expiresAt.toISOString() })
    },
  )

  app.post(
    `${path}/:id/delivery-code/verify`,
    { ...seller, schema: { tags: ['delivery'], params: byId, body: deliveryCodeSchema, response: answer } },
    async (request) => {
      const actor = actorOf(request)
      const { code } = request.body
      return shown(actor, await service.verifyDeliveryCode(actor, request.params.id, code, request.ip))
    },
  )

  app.post(
    `${path}/:id/confirm-delivery`,
    {
      preHandler: guard.authorize('buyer', 'admin'),
      schema: { tags: ['delivery'], params: byId, response: answer },
    },
    async (request) => {
      const actor = actorOf(request)
      return shown(actor, await service.confirmDelivery(actor, request.params.id))
    },
  )

  app.post(
    `${path}/:id/complete`,
    { preHandler: guard.authorize('buyer'), schema: { tags, params: byId, response: answer } },
    async (request) => {
      const actor = actorOf(request)
      return shown(actor, await service.complete(actor, request.params.id))
    },
  )
}
