import { type Connection, type Model, Schema, type Types } from 'mongoose'
import { legacyModel } from '../../../../migration/legacy-model.ts'

export interface LevelConfigDocument {
  _id: Types.ObjectId
  level: number
  name: string
  nameEn: string
  minPoints: number
  /** The last point of the level. */
  maxPoints?: number
  benefits: {
    discountPercent: number
    freeShipping: boolean
    prioritySupport: boolean
    specialOffers: boolean
  }
  icon: string
  color: string
  order: number
  isActive: boolean
  createdAt: Date
  updatedAt: Date
}

export const levelConfigSchema = new Schema<LevelConfigDocument>(
  {
    level: { type: Number, required: true, unique: true },
    name: { type: String, required: true },
    nameEn: { type: String, required: true },
    minPoints: { type: Number, required: true, default: 0 },
    maxPoints: Number,
    benefits: {
      discountPercent: { type: Number, default: 0 },
      freeShipping: { type: Boolean, default: false },
      prioritySupport: { type: Boolean, default: false },
      specialOffers: { type: Boolean, default: false },
    },
    icon: { type: String, default: 'solar:medal-star-bold' },
    color: { type: String, default: '#94a3b8' },
    order: { type: Number, required: true },
    isActive: { type: Boolean, default: true },
  },
  { timestamps: true },
)
levelConfigSchema.index({ minPoints: 1 })
levelConfigSchema.index({ order: 1 })
levelConfigSchema.index({ isActive: 1 })

export function levelConfigModel(connection: Connection): Model<LevelConfigDocument> {
  return legacyModel(connection, 'LevelConfig', levelConfigSchema, 'levelconfigs')
}
