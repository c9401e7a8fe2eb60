import type { Page, Paged } from '../../../platform/answer.ts'
import type { EntityId } from '../../../platform/ids.ts'
import type { NewReview, RatingCount, Review, ReviewPatch, Subject, SubjectType } from './model.ts'

/** Reviews in one store. */
export interface ReviewRepository {
  /** Raises REVIEW_EXISTS. */
  insert(review: NewReview): Promise<void>
  find(id: EntityId): Promise<Review | null>
  /** Published ones, newest first; those without a date come last, the higher id first among equals. */
  listPublished(subject: Subject, page: Page): Promise<Paged<Review>>
  /** How often each rating was given to each of the subjects, by published reviews; ordered by both. */
  countRatings(subjectType: SubjectType, subjectIds: EntityId[]): Promise<RatingCount[]>
  update(id: EntityId, patch: ReviewPatch, at: Date): Promise<void>
  remove(id: EntityId): Promise<void>
}
