import type { Types } from 'mongoose'
import { setAndUnset, withoutNulls } from '../../../../migration/document-changes.ts'
import { duplicatesIndex } from '../../../../migration/legacy-model.ts'
import {
  lenientBoolean,
  lenientDate,
  lenientId,
  lenientInteger,
  lenientText,
  objectIdOf,
} from '../../../../migration/lenient.ts'
import { deleteTouched, type MongoUnitContext, touchIn } from '../../../../migration/mongo-unit-store.ts'
import { type EntityId, parseId, publicId } from '../../../../platform/ids.ts'
import { reviewExists } from '../errors.ts'
import { mergeRatings, type Review } from '../model.ts'
import type { ReviewRepository } from '../repository.ts'
import { reviewModel } from './model.mongo.ts'

export function createReviewRepository(context: MongoUnitContext): ReviewRepository {
  const { session } = context
  const model = reviewModel(context.connection)
  // The driver's collection: Mongoose would fill in defaults for what a caller left out on purpose.
  const { collection } = model
  const touch = touchIn(context, collection)

  return {
    async insert({ id, subjectId, sellerId, reviewerId, purchaseRequestId, ...fields }) {
      const ids = {
        subjectId: stored(subjectId),
        sellerId: stored(sellerId),
        reviewerId: stored(reviewerId),
        purchaseRequestId: stored(purchaseRequestId),
      }
      const document = { ...touch(id), ...withoutNulls({ ...ids, ...fields }), __v: 0 }
      await collection.insertOne(document, { session }).catch((error: unknown) => {
        throw duplicatesIndex(error, 'reviews_subject_reviewer_key') ? reviewExists(error) : error
      })
    },

    async find(id) {
      const found = await collection.findOne({ _id: objectIdOf(id) }, { session })
      return found === null ? null : reviewOf(found as OldDocument)
    },

    async listPublished({ subjectType, subjectId }, { page, limit }) {
      const filter = { subjectType, subjectId: storedAs(subjectId), status: 'published' }
      const items = await collection
        .find(filter, { session })
        .sort({ createdAt: -1, _id: -1 })
        .skip((page - 1) * limit)
        .limit(limit)
        .toArray()
      return {
        items: items.map((document) => reviewOf(document as OldDocument)),
        total: await collection.countDocuments(filter, { session }),
      }
    },

    async countRatings(subjectType, subjectIds) {
      if (subjectIds.length === 0) return []
      const ids = subjectIds.flatMap((id) => [objectIdOf(id), publicId(id)])
      const groups = await collection
        .aggregate(
          [
            { $match: { subjectType, subjectId: { $in: ids }, status: 'published' } },
            { $group: { _id: { subjectId: '$subjectId', rating: '$rating' }, count: { $sum: 1 } } },
          ],
          { session },
        )
        .toArray()
      const lines = groups.flatMap(({ _id, count }) => {
        const subjectId = lenientId(_id.subjectId)
        // Ratings as text count like numbers, as they do once they lie in a column.
        const rating = ratingOf(_id.rating)
        return subjectId === null || rating === null ? [] : [{ subjectId, rating, count: Number(count) }]
      })
      return mergeRatings(lines)
    },

    async update(id, patch, at) {
      await collection.updateOne(touch(id), setAndUnset({ ...patch, updatedAt: at }), { session })
    },

    async remove(id) {
      await deleteTouched(model, { _id: objectIdOf(id) }, context)
    },
  }
}

const stored = (id: EntityId | null) => id && objectIdOf(id)

/** Old documents may hold ids as text. */
const storedAs = (id: EntityId) => ({ $in: [objectIdOf(id), publicId(id)] })

/** Whatever an old document holds. */
type OldDocument = Record<string, unknown> & { _id: Types.ObjectId }

export function reviewOf(document: OldDocument): Review {
  return {
    id: parseId(document._id.toHexString()),
    subjectType: lenientText(document.subjectType),
    subjectId: lenientId(document.subjectId),
    sellerId: lenientId(document.sellerId),
    reviewerId: lenientId(document.reviewerId),
    rating: ratingOf(document.rating),
    comment: lenientText(document.comment),
    isVerifiedBuyer: lenientBoolean(document.isVerifiedBuyer),
    purchaseRequestId: lenientId(document.purchaseRequestId),
    status: lenientText(document.status),
    createdAt: lenientDate(document.createdAt),
    updatedAt: lenientDate(document.updatedAt),
  }
}

/** What the table refuses (zero, six, four and a half) it shows as null. */
function ratingOf(value: unknown): number | null {
  const rating = lenientInteger(value)
  return rating !== null && rating >= 1 && rating <= 5 ? rating : null
}
