import { type Connection, type Model, type mongo, Schema, type Types } from 'mongoose'
import { legacyModel } from '../../../migration/legacy-model.ts'

export interface TelegramSessionDocument {
  _id: Types.ObjectId
  token: string
  /** A Long; text in some old documents. */
  telegramUserId: mongo.Long
  userId?: Types.ObjectId
  initDataFingerprint?: string
  authDate?: Date
  source?: string
  expiresAt: Date
  isActive: boolean
  createdAt: Date
  updatedAt: Date
}

export const telegramSessionSchema = new Schema<TelegramSessionDocument>(
  {
    token: { type: String, required: true, unique: true },
    telegramUserId: { type: Schema.Types.Mixed, required: true, index: true },
    userId: { type: Schema.Types.ObjectId, ref: 'User', index: true },
    initDataFingerprint: String,
    authDate: Date,
    source: String,
    expiresAt: { type: Date, required: true },
    isActive: { type: Boolean, default: true },
  },
  { timestamps: true },
)
telegramSessionSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 })

export function telegramSessionModel(connection: Connection): Model<TelegramSessionDocument> {
  return legacyModel(connection, 'TelegramSession', telegramSessionSchema, 'telegramsessions')
}

export interface TelegramUpdateDocument {
  _id: Types.ObjectId
  updateId: mongo.Long
  receivedAt: Date
  createdAt: Date
  updatedAt: Date
}

const sevenDays = 604_800

/** The updates that the bot has received. */
export const telegramUpdateSchema = new Schema<TelegramUpdateDocument>(
  {
    updateId: { type: Schema.Types.Mixed, required: true, unique: true },
    receivedAt: { type: Date, required: true },
  },
  { timestamps: true },
)
telegramUpdateSchema.index({ receivedAt: 1 }, { expireAfterSeconds: sevenDays })

export function telegramUpdateModel(connection: Connection): Model<TelegramUpdateDocument> {
  return legacyModel(connection, 'TelegramUpdate', telegramUpdateSchema, 'lb_telegram_updates')
}
