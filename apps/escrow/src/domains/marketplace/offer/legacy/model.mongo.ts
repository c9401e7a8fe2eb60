import { type Connection, type Model, Schema, type Types } from 'mongoose'
import { legacyModel } from '../../../../migration/legacy-model.ts'
import { deliveryTimeUnits, offerCurrencies, offerStatuses } from '../vocabulary.ts'

/** A document as it lies in the collection: old ones may lack, or misspell, anything but `_id`. */
export interface SellerOfferDocument {
  _id: Types.ObjectId
  [path: string]: unknown
}

const { ObjectId, Mixed } = Schema.Types

/** The legacy schema, with the fields that this backend added. */
export const sellerOfferSchema = new Schema(
  {
    sellerId: { type: ObjectId, ref: 'User', required: true, index: true },
    purchaseRequestId: { type: ObjectId, ref: 'PurchaseRequest', required: true, index: true },
    title: { type: String, required: true, maxlength: 200 },
    description: { type: String, required: true, maxlength: 1000 },
    price: {
      // Mixed although the legacy model says Number: what no double holds exactly is written as Decimal128.
      amount: { type: Mixed, required: true },
      currency: { type: String, enum: offerCurrencies, default: 'USDT' },
    },
    priceVersion: Number,
    deliveryTime: {
      amount: { type: Number, required: true, min: 1 },
      unit: { type: String, enum: deliveryTimeUnits, required: true },
    },
    status: { type: String, enum: offerStatuses, default: 'pending', index: true },
    attachments: [String],
    notes: String,
    validUntil: Date,
    requireAmlCheck: Boolean,
    amlBlockOnFailure: Boolean,
  },
  { timestamps: true },
)
sellerOfferSchema.index({ createdAt: -1 })

export function sellerOfferModel(connection: Connection): Model<SellerOfferDocument> {
  const schema = sellerOfferSchema as unknown as Schema<SellerOfferDocument>
  return legacyModel(connection, 'SellerOffer', schema, 'selleroffers')
}
