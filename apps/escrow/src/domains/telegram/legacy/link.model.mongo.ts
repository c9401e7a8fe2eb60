import { type Connection, type Model, type mongo, Schema, type Types } from 'mongoose'
import { legacyModel } from '../../../migration/legacy-model.ts'

export interface TelegramLinkDocument {
  _id: Types.ObjectId
  /** A Long; text or Double in some old documents. */
  telegramUserId: mongo.Long
  userId: Types.ObjectId
  username?: string
  firstName?: string
  lastName?: string
  isActive: boolean
  lastSeenAt?: Date
  origin?: string
  createdAt: Date
  updatedAt: Date
}

export const telegramLinkSchema = new Schema<TelegramLinkDocument>(
  {
    telegramUserId: { type: Schema.Types.Mixed, required: true, index: true },
    userId: { type: Schema.Types.ObjectId, ref: 'User', required: true, index: true },
    username: String,
    firstName: String,
    lastName: String,
    isActive: { type: Boolean, default: true },
    lastSeenAt: Date,
    origin: String,
  },
  { timestamps: true },
)
// Old data has two active links of one account, so only ours are held to be unique.
const ofOurs = { unique: true, partialFilterExpression: { isActive: true, origin: 'app' } }
telegramLinkSchema.index({ telegramUserId: 1, isActive: 1 }, ofOurs)
telegramLinkSchema.index({ userId: 1, isActive: 1 }, ofOurs)

export function telegramLinkModel(connection: Connection): Model<TelegramLinkDocument> {
  return legacyModel(connection, 'TelegramLink', telegramLinkSchema, 'telegramlinks')
}
