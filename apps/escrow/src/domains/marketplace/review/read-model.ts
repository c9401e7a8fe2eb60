import type { EntityId } from '../../../platform/ids.ts'
import type { Units } from '../../../units.ts'
import { type RatingSummary, type SubjectType, summarise } from './model.ts'

/** What other domains may know of reviews. */
export interface ReviewReadModel {
  /** Of sellers or of templates. Who was never rated is missing from the answer. */
  ratings(subjectType: SubjectType, ids: EntityId[]): Promise<Map<EntityId, RatingSummary>>
}

export function createReviewReadModel(units: Pick<Units, 'review'>): ReviewReadModel {
  return {
    async ratings(subjectType, ids) {
      return summarise(await units.review.read.reviews.countRatings(subjectType, [...new Set(ids)]))
    },
  }
}
