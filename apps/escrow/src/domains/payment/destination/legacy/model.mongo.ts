import { type Connection, type Model, Schema, type Types } from 'mongoose'
import { legacyModel } from '../../../../migration/legacy-model.ts'
import { destinationStatuses } from '../vocabulary.ts'

/** A document as it lies in the collection: old ones may lack, or misspell, anything but `_id`. */
export interface DerivedDestinationDocument {
  _id: Types.ObjectId
  [path: string]: unknown
}

/** The only counters that the legacy system has, by name. */
export interface CounterDocument {
  _id: string
  seq: number
}

const { ObjectId, Mixed } = Schema.Types

export const derivedDestinationSchema = new Schema(
  {
    buyerId: { type: ObjectId, ref: 'User', required: true },
    sellerId: Mixed,
    sellerOfferId: Mixed,
    chainId: { type: Number, required: true },
    address: { type: String, required: true },
    derivationIndex: { type: Number, required: true },
    path: String,
    status: { type: String, enum: destinationStatuses, default: 'allocated', index: true },
    // Base units of a token do not fit a double: text, or whatever number an old writer had.
    lastBalance: Mixed,
    sweeps: [new Schema({ txHash: String, amount: Mixed, at: Date }, { _id: false })],
  },
  { timestamps: true },
)
derivedDestinationSchema.index(
  { buyerId: 1, sellerOfferId: 1, chainId: 1 },
  { name: 'derived_destinations_key', unique: true },
)
derivedDestinationSchema.index(
  { derivationIndex: 1 },
  { name: 'derived_destinations_index_key', unique: true },
)
derivedDestinationSchema.index({ chainId: 1, address: 1 })

export const counterSchema = new Schema<CounterDocument>(
  { _id: String, seq: { type: Number, default: 0 } },
  { versionKey: false },
)

export function derivedDestinationModel(connection: Connection): Model<DerivedDestinationDocument> {
  const schema = derivedDestinationSchema as unknown as Schema<DerivedDestinationDocument>
  return legacyModel(connection, 'DerivedDestination', schema, 'deriveddestinations')
}

export function counterModel(connection: Connection): Model<CounterDocument> {
  return legacyModel(connection, 'Counter', counterSchema, 'counters')
}
