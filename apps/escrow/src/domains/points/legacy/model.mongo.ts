import { type Connection, type Model, Schema, type Types } from 'mongoose'
import { legacyModel } from '../../../migration/legacy-model.ts'

export interface PointTransactionDocument {
  _id: Types.ObjectId
  user: Types.ObjectId
  type: string
  source: string
  amount: number
  balance: number
  /** A request's id, as ObjectId or text. */
  order?: unknown
  referredUser?: Types.ObjectId
  description: string
  metadata?: Record<string, unknown>
  expiresAt?: Date
  origin?: string
  createdAt: Date
  updatedAt: Date
}

export const pointTransactionSchema = new Schema<PointTransactionDocument>(
  {
    user: { type: Schema.Types.ObjectId, ref: 'User', required: true, index: true },
    type: { type: String, enum: ['earn', 'spend', 'expire'], required: true },
    source: { type: String, enum: ['purchase', 'referral', 'bonus', 'admin', 'redemption'], required: true },
    amount: { type: Number, required: true },
    balance: { type: Number, required: true },
    order: Schema.Types.Mixed,
    referredUser: { type: Schema.Types.ObjectId, ref: 'User' },
    description: { type: String, required: true },
    metadata: Schema.Types.Mixed,
    expiresAt: Date,
    origin: String,
  },
  { timestamps: true, minimize: false },
)
pointTransactionSchema.index({ user: 1, createdAt: -1 })
pointTransactionSchema.index({ user: 1, type: 1 })
pointTransactionSchema.index({ user: 1, source: 1 })
pointTransactionSchema.index({ expiresAt: 1 }, { sparse: true })
pointTransactionSchema.index(
  { source: 1, order: 1 },
  { unique: true, partialFilterExpression: { type: 'earn', origin: 'app', order: { $exists: true } } },
)

export function pointTransactionModel(connection: Connection): Model<PointTransactionDocument> {
  return legacyModel(connection, 'PointTransaction', pointTransactionSchema, 'pointtransactions')
}
