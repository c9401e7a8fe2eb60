import { type Connection, type Model, Schema, type Types } from 'mongoose'
import { legacyModel } from '../../../migration/legacy-model.ts'

export interface NotificationDocument {
  _id: Types.ObjectId
  /** The digits of an id, as text. */
  userId: string
  title: string
  message: string
  type: string
  category: string
  relatedId?: string
  metadata?: Record<string, unknown>
  actionUrl?: string
  isRead: boolean
  readAt?: Date
  createdAt: Date
  updatedAt: Date
}

const ninetyDays = 7_776_000

export const notificationSchema = new Schema<NotificationDocument>(
  {
    userId: { type: String, required: true },
    title: { type: String, required: true, maxlength: 200 },
    message: { type: String, required: true, maxlength: 1000 },
    type: { type: String, enum: ['info', 'success', 'warning', 'error'], default: 'info' },
    category: {
      type: String,
      enum: ['purchase_request', 'offer', 'payment', 'delivery', 'system'],
      required: true,
    },
    relatedId: { type: String, index: true },
    metadata: Schema.Types.Mixed,
    actionUrl: { type: String, maxlength: 500 },
    isRead: { type: Boolean, default: false },
    readAt: Date,
  },
  { timestamps: true, minimize: false },
)
notificationSchema.index({ userId: 1, createdAt: -1 })
notificationSchema.index({ userId: 1, isRead: 1 })
notificationSchema.index({ userId: 1, category: 1 })
notificationSchema.index({ createdAt: 1 }, { expireAfterSeconds: ninetyDays })

export function notificationModel(connection: Connection): Model<NotificationDocument> {
  return legacyModel(connection, 'Notification', notificationSchema, 'notifications')
}
