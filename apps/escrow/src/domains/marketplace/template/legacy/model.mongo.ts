import { type Connection, type Model, Schema, type Types } from 'mongoose'
import { legacyModel } from '../../../../migration/legacy-model.ts'
import { budgetCurrencies, deliveryTypes, productTypes, urgencies } from '../../request/index.ts'

/** A document as it lies in the collection: old ones may lack, or misspell, anything but `_id`. */
export interface RequestTemplateDocument {
  _id: Types.ObjectId
  [path: string]: unknown
}

const { ObjectId, Mixed } = Schema.Types

// Money is Mixed although the legacy model says Number: what no double holds exactly is written as Decimal128.
const amount = { type: Mixed }

const specification = new Schema({ key: String, value: String, label: String }, { _id: false })

/** The legacy schema, with the fields that this backend added. */
export const requestTemplateSchema = new Schema(
  {
    sellerId: { type: ObjectId, ref: 'User', required: true },
    title: { type: String, required: true, maxlength: 200 },
    description: { type: String, required: true, maxlength: 2000 },
    categoryId: { type: ObjectId, ref: 'Category', required: true },
    productType: { type: String, enum: productTypes },
    productLink: String,
    size: { type: String, maxlength: 100 },
    color: { type: String, maxlength: 100 },
    brand: { type: String, maxlength: 100 },
    quantity: { type: Number, default: 1, min: 1 },
    budget: { min: amount, max: amount, currency: { type: String, enum: budgetCurrencies, default: 'USDT' } },
    urgency: { type: String, enum: urgencies, default: 'medium' },
    deliveryInfo: {
      deliveryType: { type: String, enum: deliveryTypes, default: 'physical' },
      notes: String,
      email: String,
    },
    shareableLink: { type: String, unique: true, sparse: true },
    proposal: String,
    isActive: { type: Boolean, default: true },
    usageCount: { type: Number, default: 0 },
    maxUsage: { type: Number, default: null },
    expiresAt: Date,
    paymentConfig: { useShopDefault: Boolean },
    specifications: [specification],
    tags: [String],
    images: [String],
    attachments: [String],
    allowedChains: [Number],
    allowedTokens: [String],
  },
  { timestamps: true },
)
requestTemplateSchema.index({ sellerId: 1, categoryId: 1, productType: 1 })

export function requestTemplateModel(connection: Connection): Model<RequestTemplateDocument> {
  const schema = requestTemplateSchema as unknown as Schema<RequestTemplateDocument>
  return legacyModel(connection, 'RequestTemplate', schema, 'requesttemplates')
}
