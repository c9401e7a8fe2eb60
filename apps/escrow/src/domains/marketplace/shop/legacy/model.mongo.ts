import { type Connection, type Model, Schema, type Types } from 'mongoose'
import { legacyModel } from '../../../../migration/legacy-model.ts'

export interface ShopSettingsDocument {
  _id: Types.ObjectId
  sellerId: Types.ObjectId
  name: string
  description: string
  avatar: string
  coverImage: string
  isPublic: boolean
  allowSellerReviews: boolean
  allowTemplateReviews: boolean
  socialLinks: { facebook: string; instagram: string; linkedin: string; twitter: string }
  paymentConfig: { allowedChains: number[]; allowedTokens: string[] }
  createdAt: Date
  updatedAt: Date
}

const link = { type: String, default: '' }

export const shopSettingsSchema = new Schema<ShopSettingsDocument>(
  {
    sellerId: { type: Schema.Types.ObjectId, ref: 'User', required: true, unique: true },
    name: { type: String, required: true },
    description: { type: String, default: '' },
    avatar: { type: String, default: '' },
    coverImage: { type: String, default: '' },
    isPublic: { type: Boolean, default: true },
    allowSellerReviews: { type: Boolean, default: true },
    allowTemplateReviews: { type: Boolean, default: true },
    socialLinks: { facebook: link, instagram: link, linkedin: link, twitter: link },
    paymentConfig: {
      allowedChains: { type: [Number], default: [1, 56] },
      allowedTokens: { type: [String], default: ['USDC', 'USDT'] },
    },
  },
  { timestamps: true },
)

export function shopSettingsModel(connection: Connection): Model<ShopSettingsDocument> {
  return legacyModel(connection, 'ShopSettings', shopSettingsSchema, 'shopsettings')
}
