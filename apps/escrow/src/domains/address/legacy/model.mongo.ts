import { type Connection, type Model, Schema, type Types } from 'mongoose'
import { legacyModel } from '../../../migration/legacy-model.ts'
import { addressTypes } from '../model.ts'

export interface AddressDocument {
  _id: Types.ObjectId
  userId: Types.ObjectId
  name: string
  phoneNumber?: string
  fullAddress: string
  city: string
  state: string
  country: string
  zipCode?: string
  addressType: string
  primary: boolean
  createdAt: Date
  updatedAt: Date
}

export const addressSchema = new Schema<AddressDocument>(
  {
    userId: { type: Schema.Types.ObjectId, ref: 'User', required: true, index: true },
    name: { type: String, required: true },
    phoneNumber: String,
    fullAddress: { type: String, required: true },
    city: { type: String, required: true },
    state: { type: String, required: true },
    country: { type: String, required: true },
    zipCode: String,
    addressType: { type: String, enum: addressTypes, default: 'Home' },
    primary: { type: Boolean, default: false },
  },
  { timestamps: true },
)
addressSchema.index({ userId: 1, primary: -1 })
// As the past had it: without a lock, so two saves at once leave two primary ones.
addressSchema.pre('save', async function demoteOthers() {
  if (!this.isModified('primary') || !this.primary) return
  const session = this.$session()
  const others = { userId: this.userId, _id: { $ne: this._id }, primary: true }
  const change = { $set: { primary: false } }
  await this.collection.updateMany(others, change, session === null ? {} : { session })
})

export function addressModel(connection: Connection): Model<AddressDocument> {
  return legacyModel(connection, 'Address', addressSchema, 'addresses')
}
