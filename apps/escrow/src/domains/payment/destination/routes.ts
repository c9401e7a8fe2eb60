import { z } from 'zod'
import { answerOf, ok } from '../../../platform/answer.ts'
import { type AuthGuard, actorOf } from '../../../platform/auth-guard.ts'
import type { HttpApp } from '../../../platform/http.ts'
import { idSchema, publicId } from '../../../platform/ids.ts'
import { referenceText } from '../../../platform/reference.ts'
import { destinationListSchema, fundingSchema, newDestinationSchema, sweepOutcomeSchema } from './input.ts'
import type { DerivedDestination } from './model.ts'
import type { DestinationService } from './service.ts'

const text = z.string().nullable()
const time = z.iso.datetime().nullable()

/** Base units are text, always. */
const destinationView = z.object({
  id: z.string(),
  buyerId: text,
  sellerId: text,
  sellerOfferId: text,
  chainId: z.number().nullable(),
  address: text,
  derivationIndex: z.number().nullable(),
  path: text,
  status: text,
  lastBalance: text,
  sweeps: z.array(z.object({ txHash: text, amount: text, at: time })),
  createdAt: time,
})

const byId = z.object({ id: idSchema })
const path = '/api/payment/derived-destinations'

export function registerDestinationRoutes(app: HttpApp, service: DestinationService, guard: AuthGuard): void {
  const tags = ['payment']
  const admin = { preHandler: guard.authorize('admin') }
  const answer = { 200: answerOf(destinationView) }

  app.post(
    path,
    {
      preHandler: guard.authorize('buyer'),
      schema: {
        tags,
        body: newDestinationSchema,
        response: { ...answer, 201: answerOf(destinationView) },
      },
    },
    async (request, reply) => {
      const { destination, reused } = await service.allocate(actorOf(request), request.body)
      return reply.status(reused ? 200 : 201).send(ok(viewOf(destination)))
    },
  )

  const listAnswer = z.object({ items: z.array(destinationView), total: z.number() })
  app.get(
    path,
    {
      ...admin,
      schema: { tags, querystring: destinationListSchema, response: { 200: answerOf(listAnswer) } },
    },
    async ({ query }) => {
      const { items, total } = await service.list(query)
      return ok({ items: items.map(viewOf), total })
    },
  )

  app.get(
    `${path}/:id`,
    { preHandler: guard.authenticate, schema: { tags, params: byId, response: answer } },
    async (request) => ok(viewOf(await service.get(actorOf(request), request.params.id))),
  )

  app.post(
    `${path}/:id/fund`,
    { ...admin, schema: { tags, params: byId, body: fundingSchema, response: answer } },
    async ({ params, body }) => ok(viewOf(await service.fund(params.id, body))),
  )

  app.post(
    `${path}/:id/sweep`,
    { ...admin, schema: { tags, params: byId, response: answer } },
    async ({ params }) => ok(viewOf(await service.beginSweep(params.id))),
  )

  app.post(
    `${path}/:id/sweep/confirm`,
    { ...admin, schema: { tags, params: byId, body: sweepOutcomeSchema, response: answer } },
    async ({ params, body }) => ok(viewOf(await service.endSweep(params.id, body))),
  )
}

function viewOf(destination: DerivedDestination): z.output<typeof destinationView> {
  const { seller, sellerOffer, buyerId } = destination
  return {
    id: publicId(destination.id),
    buyerId: buyerId === null ? null : publicId(buyerId),
    sellerId: seller === null ? null : referenceText(seller),
    sellerOfferId: sellerOffer === null ? null : referenceText(sellerOffer),
    chainId: destination.chainId,
    address: destination.address,
    derivationIndex: destination.derivationIndex,
    path: destination.path,
    status: destination.status,
    lastBalance: destination.lastBalance,
    sweeps: destination.sweeps.map(({ txHash, amount, at }) => ({
      txHash,
      amount,
      at: at?.toISOString() ?? null,
    })),
    createdAt: destination.createdAt?.toISOString() ?? null,
  }
}
