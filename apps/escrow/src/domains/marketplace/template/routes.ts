import { z } from 'zod'
import { answerOf, ok } from '../../../platform/answer.ts'
import { type AuthGuard, actorOf } from '../../../platform/auth-guard.ts'
import type { HttpApp } from '../../../platform/http.ts'
import { idSchema, publicId } from '../../../platform/ids.ts'
import { requestView, requestViewOf } from '../request/index.ts'
import { checkoutSchema, templateListSchema, templateSchema, templateSwitchSchema } from './input.ts'
import type { TemplateService } from './service.ts'
import { templateSellerView, templateSellerViewOf, templateView, templateViewOf } from './views.ts'

const byId = z.object({ id: idSchema })
const listAnswer = z.object({ items: z.array(templateView), total: z.number() })
const sellersAnswer = z.object({ items: z.array(templateSellerView), total: z.number() })
const checkoutAnswer = z.object({ request: requestView, sellerOfferId: z.string() })

export function registerTemplateRoutes(app: HttpApp, service: TemplateService, guard: AuthGuard): void {
  const tags = ['marketplace']
  const path = '/api/marketplace/request-templates'
  const answer = { 200: answerOf(templateView) }
  const list = { querystring: templateListSchema, response: { 200: answerOf(listAnswer) } }
  const seller = { preHandler: guard.authorize('seller', 'admin') }

  app.get(
    `${path}/sellers`,
    { schema: { tags, querystring: templateListSchema, response: { 200: answerOf(sellersAnswer) } } },
    async ({ query }) => {
      const { items, total } = await service.sellers(query)
      return ok({
        items: items.map((line) => templateSellerViewOf(line.sellerId, line.templates, line.seller)),
        total,
      })
    },
  )

  app.get(
    `${path}/sellers/:sellerId`,
    { schema: { tags, params: z.object({ sellerId: idSchema }), ...list } },
    async ({ params, query }) => {
      const { items, total } = await service.listOpen(params.sellerId, query)
      return ok({ items: items.map(templateViewOf), total })
    },
  )

  app.get(
    `${path}/link/:shareableLink`,
    { schema: { tags, params: z.object({ shareableLink: z.string().min(1).max(200) }), response: answer } },
    async ({ params }) => ok(templateViewOf(await service.getByLink(params.shareableLink))),
  )

  app.get(path, { ...seller, schema: { tags, ...list } }, async (request) => {
    const { items, total } = await service.listOwn(actorOf(request), request.query)
    return ok({ items: items.map(templateViewOf), total })
  })

  app.post(
    path,
    {
      preHandler: guard.authorize('seller'),
      schema: { tags, body: templateSchema, response: { 201: answerOf(templateView) } },
    },
    async (request, reply) => {
      const created = await service.create(actorOf(request), request.body)
      return reply.status(201).send(ok(templateViewOf(created)))
    },
  )

  app.get(
    `${path}/:id`,
    { preHandler: guard.authenticate, schema: { tags, params: byId, response: answer } },
    async (request) => ok(templateViewOf(await service.get(actorOf(request), request.params.id))),
  )

  app.put(
    `${path}/:id`,
    { ...seller, schema: { tags, params: byId, body: templateSchema, response: answer } },
    async (request) =>
      ok(templateViewOf(await service.replace(actorOf(request), request.params.id, request.body))),
  )

  app.patch(
    `${path}/:id`,
    { ...seller, schema: { tags, params: byId, body: templateSwitchSchema, response: answer } },
    async (request) =>
      ok(templateViewOf(await service.change(actorOf(request), request.params.id, request.body))),
  )

  // Requests refer to the templates that they were made of, so nothing is removed: it is switched off.
  app.delete(
    `${path}/:id`,
    { ...seller, schema: { tags, params: byId, response: answer } },
    async (request) =>
      ok(templateViewOf(await service.change(actorOf(request), request.params.id, { isActive: false }))),
  )

  app.post(
    `${path}/:id/checkout`,
    {
      preHandler: guard.authorize('buyer'),
      schema: { tags, params: byId, body: checkoutSchema, response: { 201: answerOf(checkoutAnswer) } },
    },
    async (request, reply) => {
      const made = await service.checkout(actorOf(request), request.params.id, request.body)
      const view = requestViewOf(made.request, { withAddress: true })
      return reply.status(201).send(ok({ request: view, sellerOfferId: publicId(made.offerId) }))
    },
  )
}
