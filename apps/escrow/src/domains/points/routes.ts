import { z } from 'zod'
import { answerOf, ok } from '../../platform/answer.ts'
import { type AuthGuard, actorOf } from '../../platform/auth-guard.ts'
import type { HttpApp } from '../../platform/http.ts'
import { publicId } from '../../platform/ids.ts'
import { referenceText } from '../../platform/reference.ts'
import { leaderboardSchema, type PointTransaction, redeemSchema, transactionFilterSchema } from './model.ts'
import type { PointsService } from './service.ts'

const levelView = z.object({ level: z.number(), minPoints: z.number() })

const overviewView = z.object({
  balance: z.number(),
  lifetimePoints: z.number(),
  level: levelView,
  nextLevel: levelView.nullable(),
  referralCode: z.string(),
  referralsCount: z.number(),
})

const transactionView = z.object({
  id: z.string(),
  type: z.string().nullable(),
  source: z.string().nullable(),
  amount: z.number().nullable(),
  balance: z.number().nullable(),
  order: z.string().nullable(),
  description: z.string().nullable(),
  expiresAt: z.string().nullable(),
  createdAt: z.string().nullable(),
})

const placeView = z.object({
  rank: z.number(),
  userId: z.string(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  avatar: z.string().nullable(),
  points: z.number(),
})

const transactionsView = z.object({
  transactions: z.array(transactionView),
  total: z.number(),
  page: z.number(),
  limit: z.number(),
})

export function registerPointsRoutes(app: HttpApp, service: PointsService, guard: AuthGuard): void {
  const tags = ['points']
  const preHandler = guard.authenticate

  app.get(
    '/api/points/my-points',
    { preHandler, schema: { tags, response: { 200: answerOf(overviewView) } } },
    async (request) => ok(await service.overview(actorOf(request).id)),
  )

  app.get(
    '/api/points/transactions',
    {
      preHandler,
      schema: { tags, querystring: transactionFilterSchema, response: { 200: answerOf(transactionsView) } },
    },
    async (request) => {
      const { page, limit } = request.query
      const { items, total } = await service.transactions(actorOf(request).id, request.query)
      return ok({ transactions: items.map(viewOf), total, page, limit })
    },
  )

  app.get(
    '/api/points/leaderboard',
    {
      preHandler,
      schema: { tags, querystring: leaderboardSchema, response: { 200: answerOf(z.array(placeView)) } },
    },
    async (request) => {
      const places = await service.leaderboard(request.query)
      return ok(places.map((place) => ({ ...place, userId: publicId(place.userId) })))
    },
  )

  app.post(
    '/api/points/redeem',
    { preHandler, schema: { tags, body: redeemSchema, response: { 201: answerOf(transactionView) } } },
    async (request, reply) =>
      reply.status(201).send(ok(viewOf(await service.redeem(actorOf(request).id, request.body)))),
  )

  app.post(
    '/api/points/generate-referral-code',
    { preHandler, schema: { tags, response: { 200: answerOf(z.object({ referralCode: z.string() })) } } },
    async (request) => ok({ referralCode: await service.generateReferralCode(actorOf(request).id) }),
  )
}

function viewOf(entry: PointTransaction): z.input<typeof transactionView> {
  return {
    id: publicId(entry.id),
    type: entry.type,
    source: entry.source,
    amount: entry.amount,
    balance: entry.balance,
    order: entry.order && referenceText(entry.order),
    description: entry.description,
    expiresAt: entry.expiresAt?.toISOString() ?? null,
    createdAt: entry.createdAt?.toISOString() ?? null,
  }
}
