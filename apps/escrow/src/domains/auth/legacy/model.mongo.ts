import { type Connection, type Model, Schema, type Types } from 'mongoose'
import { legacyModel } from '../../../migration/legacy-model.ts'

export interface TempVerificationDocument {
  _id: Types.ObjectId
  email: string
  password: string
  firstName: string
  lastName: string
  role: string
  referralCode?: string
  emailVerificationCode: string
  emailVerificationCodeExpires: Date
  attempts?: number
  createdAt: Date
  updatedAt: Date
}

export const tempVerificationSchema = new Schema<TempVerificationDocument>(
  {
    email: { type: String, required: true, unique: true },
    password: { type: String, default: '' },
    firstName: { type: String, required: true },
    lastName: { type: String, required: true },
    role: { type: String, enum: ['buyer', 'seller'], default: 'buyer' },
    referralCode: { type: String, trim: true },
    emailVerificationCode: { type: String, required: true },
    emailVerificationCodeExpires: { type: Date, required: true },
    attempts: Number,
  },
  { timestamps: true },
)
tempVerificationSchema.index({ emailVerificationCodeExpires: 1 }, { expireAfterSeconds: 0 })

export function tempVerificationModel(connection: Connection): Model<TempVerificationDocument> {
  return legacyModel(connection, 'TempVerification', tempVerificationSchema, 'tempverifications')
}
