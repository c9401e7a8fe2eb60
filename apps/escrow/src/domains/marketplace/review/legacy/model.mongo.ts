import { type Connection, type Model, Schema, type Types } from 'mongoose'
import { legacyModel } from '../../../../migration/legacy-model.ts'
import { reviewStatuses, subjectTypes } from '../model.ts'

export interface ReviewDocument {
  _id: Types.ObjectId
  subjectType: string
  subjectId: Types.ObjectId
  sellerId: Types.ObjectId
  reviewerId: Types.ObjectId
  rating: number
  comment?: string
  isVerifiedBuyer: boolean
  purchaseRequestId?: Types.ObjectId | null
  status: string
  createdAt: Date
  updatedAt: Date
}

const { ObjectId } = Schema.Types

export const reviewSchema = new Schema<ReviewDocument>(
  {
    subjectType: { type: String, enum: subjectTypes, required: true },
    subjectId: { type: ObjectId, required: true },
    sellerId: { type: ObjectId, ref: 'User', required: true, index: true },
    reviewerId: { type: ObjectId, ref: 'User', required: true, index: true },
    rating: { type: Number, required: true, min: 1, max: 5 },
    comment: { type: String, default: '', maxlength: 1000 },
    isVerifiedBuyer: { type: Boolean, default: false },
    purchaseRequestId: { type: ObjectId, ref: 'PurchaseRequest', default: null },
    status: { type: String, enum: reviewStatuses, default: 'published' },
  },
  { timestamps: true },
)
reviewSchema.index(
  { subjectType: 1, subjectId: 1, reviewerId: 1 },
  { name: 'reviews_subject_reviewer_key', unique: true },
)

export function reviewModel(connection: Connection): Model<ReviewDocument> {
  return legacyModel(connection, 'Review', reviewSchema, 'reviews')
}
