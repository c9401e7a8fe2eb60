import { z } from 'zod'
import { answerOf, ok } from '../../platform/answer.ts'
import { type AuthGuard, actorOf } from '../../platform/auth-guard.ts'
import type { HttpApp } from '../../platform/http.ts'
import { idSchema, publicId } from '../../platform/ids.ts'
import {
  assignSchema,
  disputeListSchema,
  evidenceSchema,
  messageSchema,
  newDisputeSchema,
  resolveSchema,
  statusSchema,
} from './input.ts'
import type { DisputeService } from './service.ts'
import { disputeView, disputeViewOf, statisticsView, statisticsViewOf } from './views.ts'

const byId = z.object({ id: idSchema })
const listAnswer = z.object({ items: z.array(disputeView), total: z.number() })
const holdAnswer = z.object({ disputed: z.boolean(), disputeId: z.string().nullable() })

export function registerDisputeRoutes(app: HttpApp, service: DisputeService, guard: AuthGuard): void {
  const tags = ['dispute']
  const path = '/api/disputes'
  const answer = { 200: answerOf(disputeView) }
  const signedIn = { preHandler: guard.authenticate }
  const staff = { preHandler: guard.authorize('admin', 'resolver') }

  app.post(
    path,
    { ...signedIn, schema: { tags, body: newDisputeSchema, response: { 201: answerOf(disputeView) } } },
    async (request, reply) => {
      const opened = await service.open(actorOf(request), request.body)
      return reply.status(201).send(ok(disputeViewOf(opened)))
    },
  )

  app.get(
    path,
    {
      ...signedIn,
      schema: { tags, querystring: disputeListSchema, response: { 200: answerOf(listAnswer) } },
    },
    async (request) => {
      const { items, total } = await service.list(actorOf(request), request.query)
      return ok({ items: items.map(disputeViewOf), total })
    },
  )

  app.get(
    `${path}/statistics`,
    { ...staff, schema: { tags, response: { 200: answerOf(statisticsView) } } },
    async () => ok(statisticsViewOf(await service.statistics())),
  )

  app.get(
    `${path}/pr/:id/status`,
    { ...signedIn, schema: { tags, params: byId, response: { 200: answerOf(holdAnswer) } } },
    async (request) => {
      const open = await service.openOf(actorOf(request), request.params.id)
      return ok({ disputed: open !== null, disputeId: open === null ? null : publicId(open.id) })
    },
  )

  app.get(`${path}/:id`, { ...signedIn, schema: { tags, params: byId, response: answer } }, async (request) =>
    ok(disputeViewOf(await service.get(actorOf(request), request.params.id))),
  )

  app.post(
    `${path}/:id/assign`,
    { ...staff, schema: { tags, params: byId, body: assignSchema, response: answer } },
    async (request) =>
      ok(disputeViewOf(await service.assign(actorOf(request), request.params.id, request.body.adminId))),
  )

  app.patch(
    `${path}/:id/status`,
    { ...staff, schema: { tags, params: byId, body: statusSchema, response: answer } },
    async (request) =>
      ok(disputeViewOf(await service.setStatus(actorOf(request), request.params.id, request.body))),
  )

  app.post(
    `${path}/:id/resolve`,
    { ...staff, schema: { tags, params: byId, body: resolveSchema, response: answer } },
    async (request) =>
      ok(disputeViewOf(await service.resolve(actorOf(request), request.params.id, request.body))),
  )

  app.post(
    `${path}/:id/withdraw`,
    { ...signedIn, schema: { tags, params: byId, response: answer } },
    async (request) => ok(disputeViewOf(await service.withdraw(actorOf(request), request.params.id))),
  )

  app.post(
    `${path}/:id/evidence`,
    { ...signedIn, schema: { tags, params: byId, body: evidenceSchema, response: answer } },
    async (request) =>
      ok(disputeViewOf(await service.addEvidence(actorOf(request), request.params.id, request.body))),
  )

  app.post(
    `${path}/:id/messages`,
    { ...signedIn, schema: { tags, params: byId, body: messageSchema, response: answer } },
    async (request) =>
      ok(disputeViewOf(await service.addMessage(actorOf(request), request.params.id, request.body.content))),
  )
}
