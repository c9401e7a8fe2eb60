import { defineMapping, integer, objectId } from 'landbridge/mapping'
import { users } from '../../../user/schema.ts'
import { purchaseRequests } from '../../request/schema.ts'
import { reviews as table } from '../schema.ts'

/** `reviews`. The subject is a person or a template, so its id refers to no one table. */
export const reviews = defineMapping({
  unit: 'review',
  collection: 'reviews',
  table,
  fields: {
    subjectId: objectId(table.subjectId),
    sellerId: objectId(table.sellerId, { to: () => users, orphan: 'keep' }),
    reviewerId: objectId(table.reviewerId, { to: () => users, orphan: 'keep' }),
    rating: integer(table.rating, { min: 1, max: 5 }),
    purchaseRequestId: objectId(table.purchaseRequestId, { to: () => purchaseRequests, orphan: 'keep' }),
  },
  // MongoDB has the same index, but tells an id from its digits: the later of such twins keeps its reviewer in `extra`.
  uniques: { reviews_subject_reviewer_key: { paths: ['reviewerId'], outcome: 'extra' } },
})
