import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { entityColumns, entityId, enumCheck } from '../../../platform/columns.ts'
import { reviewStatuses, subjectTypes } from './model.ts'

/** The subject is a person or a template: no foreign key. A migration adds the references between units. */
export const reviews = pgTable(
  'reviews',
  {
    ...entityColumns(),
    subjectType: text('subject_type', { enum: subjectTypes }),
    subjectId: entityId('subject_id'),
    sellerId: entityId('seller_id'),
    reviewerId: entityId('reviewer_id'),
    rating: integer('rating'),
    comment: text('comment'),
    isVerifiedBuyer: boolean('is_verified_buyer'),
    purchaseRequestId: entityId('purchase_request_id'),
    status: text('status', { enum: reviewStatuses }),
  },
  (table) => [
    enumCheck('reviews', 'subject_type', table.subjectType, subjectTypes),
    enumCheck('reviews', 'status', table.status, reviewStatuses),
    check('reviews_rating_check', sql`${table.rating} between 1 and 5`),
    uniqueIndex('reviews_subject_reviewer_key').on(table.subjectType, table.subjectId, table.reviewerId),
    index('reviews_published_idx')
      .on(table.subjectType, table.subjectId, table.createdAt.desc().nullsLast(), table.id.desc())
      .where(sql`${table.status} = 'published'`),
    index('reviews_seller_idx').on(table.sellerId),
    index('reviews_reviewer_idx').on(table.reviewerId),
  ],
)
