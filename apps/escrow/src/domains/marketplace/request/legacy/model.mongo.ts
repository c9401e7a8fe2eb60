import { type Connection, type Model, Schema, type Types } from 'mongoose'
import { legacyModel } from '../../../../migration/legacy-model.ts'
import { budgetCurrencies, deliveryTypes, productTypes, requestStatuses, urgencies } from '../vocabulary.ts'

/** A document as it lies in the collection: old ones may lack, or misspell, anything but `_id`. */
export interface PurchaseRequestDocument {
  _id: Types.ObjectId
  [path: string]: unknown
}

const { ObjectId, Mixed } = Schema.Types

// Money is Mixed although the legacy model says Number: what no double holds exactly is written as Decimal128.
const amount = { type: Mixed }

const element = { _id: false } as const
const specification = new Schema({ key: String, value: String, label: String }, element)
const attachment = new Schema({ url: String, name: String, mime: String, size: Number }, element)
const deliveryAttempt = new Schema(
  { code: String, attemptedBy: ObjectId, at: Date, success: Boolean, ip: String },
  element,
)
const statusChange = new Schema({ from: String, to: String, by: ObjectId, reason: String, at: Date }, element)
const trackingEvent = new Schema({ status: String, description: String, location: String, at: Date }, element)

/** The legacy schema, with the fields that this backend added. */
export const purchaseRequestSchema = new Schema(
  {
    buyerId: { type: ObjectId, ref: 'User', required: true, index: true },
    title: { type: String, required: true, maxlength: 200 },
    description: { type: String, required: true, maxlength: 2000 },
    categoryId: { type: ObjectId, ref: 'Category', required: true, index: true },
    productType: { type: String, enum: productTypes, index: true },
    productLink: String,
    size: { type: String, maxlength: 100 },
    color: { type: String, maxlength: 100 },
    brand: { type: String, maxlength: 100 },
    quantity: { type: Number, default: 1, min: 1 },
    budget: { min: amount, max: amount, currency: { type: String, enum: budgetCurrencies, default: 'USDT' } },
    urgency: { type: String, enum: urgencies, default: 'medium', index: true },
    status: { type: String, enum: requestStatuses, default: 'pending', index: true },
    isPublic: { type: Boolean, default: true },
    preferredSellerIds: [{ type: ObjectId, ref: 'User' }],
    selectedOfferId: { type: ObjectId, ref: 'SellerOffer' },
    /** Old documents list their offers; offers point back, so nothing reads or writes it any more. */
    offers: { type: [{ type: ObjectId, ref: 'SellerOffer' }], default: undefined },
    shippedAt: Date,
    deliveryInfo: {
      deliveryType: { type: String, enum: deliveryTypes },
      address: Mixed,
      email: String,
      deliveryCode: String,
      deliveryCodeGeneratedAt: Date,
      deliveryCodeExpiresAt: Date,
      deliveryCodeUsed: Boolean,
      deliveryCodeUsedAt: Date,
      deliveryDate: Date,
      deliveryAttempts: [deliveryAttempt],
    },
    releaseHold: Boolean,
    disputed: Boolean,
    specifications: [specification],
    attachments: [attachment],
    tags: [String],
    statusHistory: [statusChange],
    trackingEvents: [trackingEvent],
    serviceInfo: Mixed,
    tracking: Mixed,
    templateId: { type: ObjectId, ref: 'RequestTemplate' },
    cancelReason: String,
    cancelledBy: { type: ObjectId, ref: 'User' },
    completedAt: Date,
    inspectionEndsAt: Date,
    inspectionRemaining: Number,
  },
  { timestamps: true },
)

export function purchaseRequestModel(connection: Connection): Model<PurchaseRequestDocument> {
  const schema = purchaseRequestSchema as unknown as Schema<PurchaseRequestDocument>
  return legacyModel(connection, 'PurchaseRequest', schema, 'purchaserequests')
}
