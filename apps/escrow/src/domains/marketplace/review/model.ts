import { z } from 'zod'
import { pageSchema } from '../../../platform/answer.ts'
import { type EntityId, idSchema } from '../../../platform/ids.ts'

export const subjectTypes = ['seller', 'template'] as const
export type SubjectType = (typeof subjectTypes)[number]

export const reviewStatuses = ['published', 'pending', 'rejected'] as const
export type ReviewStatus = (typeof reviewStatuses)[number]

export const ratings = [1, 2, 3, 4, 5] as const

/** What somebody says of a seller or a template. Old ones may lack anything but the id; null is "not there". */
export interface Review {
  id: EntityId
  /** The stored word. */
  subjectType: string | null
  subjectId: EntityId | null
  /** Whom it is about in the end: the owner of the template. */
  sellerId: EntityId | null
  reviewerId: EntityId | null
  /** From 1 to 5; what an old review has beside that counts nowhere. */
  rating: number | null
  comment: string | null
  isVerifiedBuyer: boolean | null
  purchaseRequestId: EntityId | null
  status: string | null
  createdAt: Date | null
  updatedAt: Date | null
}

/** A new review: everything is there. */
export interface NewReview extends Review {
  subjectType: SubjectType
  status: ReviewStatus
}

export const subjectSchema = z.object({ subjectType: z.enum(subjectTypes), subjectId: idSchema })
export type Subject = z.output<typeof subjectSchema>

const rating = z.number().int().min(1).max(5)
const comment = z.string().trim().max(1000)

export const newReviewSchema = subjectSchema.extend({
  rating,
  comment: comment.default(''),
  purchaseRequestId: idSchema.nullish(),
})
export type NewReviewInput = z.output<typeof newReviewSchema>

export const reviewChangesSchema = z.object({ rating: rating.optional(), comment: comment.optional() })
export type ReviewChanges = z.output<typeof reviewChangesSchema>

export const moderationSchema = z.object({ status: z.enum(reviewStatuses) })

export const reviewListSchema = pageSchema.extend({
  limit: z.coerce.number().int().min(1).max(100).default(10),
})

/** What a command sets; absent fields stay as they are. */
export interface ReviewPatch extends ReviewChanges {
  status?: ReviewStatus
}

export interface RatingCount {
  subjectId: EntityId
  rating: number
  count: number
}

/** One line per subject and rating, ordered by both. */
export function mergeRatings(counts: readonly RatingCount[]): RatingCount[] {
  const merged = new Map<string, RatingCount>()
  for (const line of counts) {
    const key = `${line.subjectId} ${line.rating}`
    merged.set(key, { ...line, count: (merged.get(key)?.count ?? 0) + line.count })
  }
  return [...merged].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, line]) => line)
}

/** What the published reviews of somebody or something come to. */
export interface RatingSummary {
  /** To two decimals; null where nobody has rated. */
  average: number | null
  count: number
  /** How many gave 1, 2, 3, 4 and 5. */
  distribution: number[]
}

export const noRating: RatingSummary = { average: null, count: 0, distribution: [0, 0, 0, 0, 0] }

/** By subject; computed from whole numbers alone, so that both stores come to the same average. */
export function summarise(counts: readonly RatingCount[]): Map<EntityId, RatingSummary> {
  const summaries = new Map<EntityId, RatingSummary>()
  for (const [subjectId, ofSubject] of Map.groupBy(counts, (line) => line.subjectId)) {
    const distribution = ratings.map((rating) =>
      ofSubject.reduce((sum, line) => sum + (line.rating === rating ? line.count : 0), 0),
    )
    const count = distribution.reduce((sum, number) => sum + number, 0)
    const total = distribution.reduce((sum, number, place) => sum + number * (place + 1), 0)
    if (count > 0)
      summaries.set(subjectId, { average: Math.round((total * 100) / count) / 100, count, distribution })
  }
  return summaries
}
