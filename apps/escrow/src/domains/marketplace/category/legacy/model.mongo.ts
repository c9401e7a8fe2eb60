import { type Connection, type Model, Schema, type Types } from 'mongoose'
import { legacyModel } from '../../../../migration/legacy-model.ts'

export interface CategoryDocument {
  _id: Types.ObjectId
  name: string
  nameEn: string
  description?: string
  icon?: string
  isActive: boolean
  parentId?: Types.ObjectId | null
  order: number
  createdAt: Date
  updatedAt: Date
}

export const categorySchema = new Schema<CategoryDocument>(
  {
    name: { type: String, required: true },
    nameEn: { type: String, required: true },
    description: String,
    icon: String,
    isActive: { type: Boolean, default: true },
    parentId: { type: Schema.Types.ObjectId, ref: 'Category', default: null },
    order: { type: Number, default: 0 },
  },
  { timestamps: true },
)
categorySchema.index({ parentId: 1 })
categorySchema.index({ isActive: 1, order: 1 })

export function categoryModel(connection: Connection): Model<CategoryDocument> {
  return legacyModel(connection, 'Category', categorySchema, 'categories')
}
