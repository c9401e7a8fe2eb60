import type { Page, Paged } from '../../../platform/answer.ts'
import type { Actor } from '../../../platform/auth-guard.ts'
import type { Clock } from '../../../platform/clock.ts'
import { forbidden, notFound } from '../../../platform/errors.ts'
import { type EntityId, newId, publicId } from '../../../platform/ids.ts'
import type { ReviewRepositories, Units } from '../../../units.ts'
import type { UserReadModel, UserSummary } from '../../user/index.ts'
import type { RequestReadModel } from '../request/index.ts'
import type { ShopReadModel } from '../shop/index.ts'
import type { TemplateReadModel } from '../template/index.ts'
import { ownReview, reviewRequestInvalid, reviewsClosed } from './errors.ts'
import {
  type NewReview,
  type NewReviewInput,
  noRating,
  type RatingSummary,
  type Review,
  type ReviewChanges,
  type ReviewStatus,
  type Subject,
  summarise,
} from './model.ts'

export interface ReviewWithReviewer extends Review {
  /** Null where the reviewer is gone. */
  reviewer: UserSummary | null
}

export interface ReviewList extends Paged<ReviewWithReviewer> {
  rating: RatingSummary
}

export interface ReviewService {
  /** What is published of a subject, with what it comes to. */
  list(subject: Subject, page: Page): Promise<ReviewList>
  /** Raises NOT_FOUND, REVIEW_OF_ONESELF, REVIEWS_CLOSED, REVIEW_REQUEST_INVALID, REVIEW_EXISTS. */
  create(reviewerId: EntityId, input: NewReviewInput): Promise<Review>
  /** Raises NOT_FOUND, FORBIDDEN for somebody else's. */
  change(reviewerId: EntityId, id: EntityId, changes: ReviewChanges): Promise<Review>
  /** By the reviewer or an administrator. Raises NOT_FOUND, FORBIDDEN. */
  remove(actor: Actor, id: EntityId): Promise<void>
  /** Raises NOT_FOUND. */
  moderate(id: EntityId, status: ReviewStatus): Promise<Review>
}

export interface ReviewServiceOptions {
  units: Pick<Units, 'review'>
  users: UserReadModel
  requests: Pick<RequestReadModel, 'completedPurchase'>
  shops: ShopReadModel
  templates: TemplateReadModel
  clock: Clock
}

export function createReviewService(options: ReviewServiceOptions): ReviewService {
  const { units, users, clock } = options
  const store = units.review

  return {
    async list(subject, page) {
      const { items, total } = await store.read.reviews.listPublished(subject, page)
      const counts = await store.read.reviews.countRatings(subject.subjectType, [subject.subjectId])
      const reviewers = await users.summaries(items.flatMap(({ reviewerId }) => reviewerId ?? []))
      return {
        items: items.map((review) => ({
          ...review,
          reviewer: (review.reviewerId && reviewers.get(review.reviewerId)) ?? null,
        })),
        total,
        rating: summarise(counts).get(subject.subjectId) ?? noRating,
      }
    },

    async create(reviewerId, input) {
      const sellerId = await sellerBehind(options, input)
      if (sellerId === reviewerId) throw ownReview()
      await assertTaken(options, sellerId, input)
      const purchase = await options.requests.completedPurchase(
        reviewerId,
        sellerId,
        input.purchaseRequestId ?? undefined,
      )
      if (input.purchaseRequestId != null && purchase === null) throw reviewRequestInvalid()
      const now = clock.now()
      const review: NewReview = {
        id: newId(now),
        subjectType: input.subjectType,
        subjectId: input.subjectId,
        sellerId,
        reviewerId,
        rating: input.rating,
        comment: input.comment,
        isVerifiedBuyer: purchase !== null,
        purchaseRequestId: purchase,
        status: 'published',
        createdAt: now,
        updatedAt: now,
      }
      await store.transaction(({ reviews }) => reviews.insert(review))
      return review
    },

    change: (reviewerId, id, changes) =>
      store.transaction(async (repositories) => {
        const review = await existing(repositories, id)
        if (review.reviewerId !== reviewerId) throw forbidden('This is the review of somebody else.')
        await repositories.reviews.update(id, changes, clock.now())
        return existing(repositories, id)
      }),

    remove: (actor, id) =>
      store.transaction(async (repositories) => {
        const { reviewerId } = await existing(repositories, id)
        if (actor.role !== 'admin' && reviewerId !== actor.id)
          throw forbidden('This is the review of somebody else.')
        await repositories.reviews.remove(id)
      }),

    moderate: (id, status) =>
      store.transaction(async (repositories) => {
        await existing(repositories, id)
        await repositories.reviews.update(id, { status }, clock.now())
        return existing(repositories, id)
      }),
  }
}

async function existing({ reviews }: ReviewRepositories, id: EntityId): Promise<Review> {
  const review = await reviews.find(id)
  if (review === null) throw notFound('review', publicId(id))
  return review
}

/** The seller who is reviewed, or whose template is. */
async function sellerBehind(
  { users, templates }: ReviewServiceOptions,
  { subjectType, subjectId }: Subject,
): Promise<EntityId> {
  if (subjectType === 'template') {
    const owner = (await templates.templates([subjectId])).get(subjectId)?.sellerId
    if (owner == null) throw notFound('template', publicId(subjectId))
    return owner
  }
  const seller = (await users.summaries([subjectId])).get(subjectId)
  if (seller?.role !== 'seller' || !seller.isActive) throw notFound('seller', publicId(subjectId))
  return subjectId
}

/** The shop's owner decides, kind by kind; without a shop everything is taken. */
async function assertTaken(
  { shops }: ReviewServiceOptions,
  sellerId: EntityId,
  { subjectType }: Subject,
): Promise<void> {
  const shop = (await shops.ofSellers([sellerId])).get(sellerId)
  if (shop === undefined) return
  const taken = subjectType === 'seller' ? shop.allowSellerReviews : shop.allowTemplateReviews
  if (!taken) throw reviewsClosed()
}
