import { type Connection, type Model, Schema, type Types } from 'mongoose'
import { legacyModel } from '../../../migration/legacy-model.ts'

/** A document as it lies in the collection: old ones may lack, or misspell, anything but `_id`. */
export interface TrezorAccountDocument {
  _id: Types.ObjectId
  [path: string]: unknown
}

const { ObjectId } = Schema.Types

/** The legacy schema, with the field that this backend added: `origin`. */
export const trezorAccountSchema = new Schema(
  {
    userId: { type: ObjectId, ref: 'User', required: true, index: true },
    xpub: { type: String, required: true, index: true },
    xpubFingerprint: String,
    basePath: { type: String, default: "m/44'/60'/0'" },
    registrationAddress: { type: String, required: true },
    nextAddressIndex: { type: Number, default: 1 },
    addresses: [
      new Schema(
        {
          index: Number,
          address: String,
          path: String,
          purpose: String,
          paymentId: { type: ObjectId, ref: 'Payment' },
          issuedAt: Date,
        },
        { _id: false },
      ),
    ],
    deviceLabel: String,
    isActive: { type: Boolean, default: true },
    origin: String,
  },
  { timestamps: true },
)
// Old data has several active accounts of a person, so the rule binds what was born here.
trezorAccountSchema.index(
  { userId: 1, isActive: 1 },
  {
    name: 'trezor_accounts_active_key',
    unique: true,
    partialFilterExpression: { origin: 'app', isActive: true },
  },
)
trezorAccountSchema.index({ 'addresses.address': 1 })
trezorAccountSchema.index({ 'addresses.paymentId': 1 })

export function trezorAccountModel(connection: Connection): Model<TrezorAccountDocument> {
  const schema = trezorAccountSchema as unknown as Schema<TrezorAccountDocument>
  return legacyModel(connection, 'TrezorAccount', schema, 'trezoraccounts')
}
