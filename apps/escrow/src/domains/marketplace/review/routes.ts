import { z } from 'zod'
import { answerOf, ok } from '../../../platform/answer.ts'
import { type AuthGuard, actorOf } from '../../../platform/auth-guard.ts'
import type { HttpApp } from '../../../platform/http.ts'
import { idSchema, publicId } from '../../../platform/ids.ts'
import {
  moderationSchema,
  newReviewSchema,
  type Review,
  reviewChangesSchema,
  reviewListSchema,
  subjectSchema,
} from './model.ts'
import type { ReviewService, ReviewWithReviewer } from './service.ts'

const reviewView = z.object({
  id: z.string(),
  subjectType: z.string().nullable(),
  subjectId: z.string().nullable(),
  sellerId: z.string().nullable(),
  reviewerId: z.string().nullable(),
  rating: z.number().nullable(),
  comment: z.string(),
  isVerifiedBuyer: z.boolean(),
  purchaseRequestId: z.string().nullable(),
  status: z.string(),
  createdAt: z.string().nullable(),
})
const person = z.object({
  id: z.string(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  avatar: z.string().nullable(),
})
const listView = z.object({
  reviews: z.array(reviewView.extend({ reviewer: person.nullable() })),
  averageRating: z.number().nullable(),
  totalReviews: z.number(),
  distribution: z.array(z.number()),
  total: z.number(),
  page: z.number(),
  limit: z.number(),
})

const byId = z.object({ id: idSchema })
const tags = ['marketplace']
const path = '/api/marketplace/reviews'

export function registerReviewRoutes(app: HttpApp, service: ReviewService, guard: AuthGuard): void {
  const preHandler = guard.authenticate
  const one = { tags, params: byId, response: { 200: answerOf(reviewView) } }

  app.get(
    `${path}/:subjectType/:subjectId`,
    {
      schema: {
        tags,
        params: subjectSchema,
        querystring: reviewListSchema,
        response: { 200: answerOf(listView) },
      },
    },
    async ({ params, query }) => {
      const { items, total, rating } = await service.list(params, query)
      const { page, limit } = query
      return ok({
        reviews: items.map(viewWithReviewerOf),
        averageRating: rating.average,
        totalReviews: rating.count,
        distribution: rating.distribution,
        total,
        page,
        limit,
      })
    },
  )

  app.post(
    path,
    { preHandler, schema: { tags, body: newReviewSchema, response: { 201: answerOf(reviewView) } } },
    async (request, reply) =>
      reply.status(201).send(ok(viewOf(await service.create(actorOf(request).id, request.body)))),
  )

  app.put(`${path}/:id`, { preHandler, schema: { ...one, body: reviewChangesSchema } }, async (request) =>
    ok(viewOf(await service.change(actorOf(request).id, request.params.id, request.body))),
  )

  app.patch(
    `${path}/:id/status`,
    { preHandler: guard.authorize('admin'), schema: { ...one, body: moderationSchema } },
    async ({ params, body }) => ok(viewOf(await service.moderate(params.id, body.status))),
  )

  app.delete(
    `${path}/:id`,
    { preHandler, schema: { tags, params: byId, response: { 200: answerOf(z.null()) } } },
    async (request) => {
      await service.remove(actorOf(request), request.params.id)
      return ok(null)
    },
  )
}

function viewOf(review: Review): z.input<typeof reviewView> {
  const { subjectId, sellerId, reviewerId, purchaseRequestId } = review
  return {
    id: publicId(review.id),
    subjectType: review.subjectType,
    subjectId: subjectId && publicId(subjectId),
    sellerId: sellerId && publicId(sellerId),
    reviewerId: reviewerId && publicId(reviewerId),
    rating: review.rating,
    comment: review.comment ?? '',
    isVerifiedBuyer: review.isVerifiedBuyer ?? false,
    purchaseRequestId: purchaseRequestId && publicId(purchaseRequestId),
    status: review.status ?? 'published',
    createdAt: review.createdAt?.toISOString() ?? null,
  }
}

function viewWithReviewerOf({ reviewer, ...review }: ReviewWithReviewer) {
  if (reviewer === null) return { ...viewOf(review), reviewer }
  const { id, firstName, lastName, avatar } = reviewer
  return { ...viewOf(review), reviewer: { id: publicId(id), firstName, lastName, avatar } }
}
