import { type Connection, type Model, Schema, type Types } from 'mongoose'
import { legacyModel } from '../../../migration/legacy-model.ts'
import { openStatuses } from '../states.ts'
import {
  disputeCategories,
  disputeOrigins,
  disputePriorities,
  disputeStatuses,
  evidenceTypes,
  resolutionActions,
} from '../vocabulary.ts'

/** A document as it lies in the collection: old ones may lack, or misspell, anything but `_id`. */
export interface DisputeDocument {
  _id: Types.ObjectId
  [path: string]: unknown
}

const { ObjectId, Mixed } = Schema.Types

const element = { _id: false } as const
const evidence = new Schema(
  {
    type: { type: String, enum: evidenceTypes },
    url: String,
    description: String,
    uploadedBy: { type: ObjectId, ref: 'User' },
    at: Date,
  },
  element,
)
const timelineEntry = new Schema(
  { action: String, performedBy: { type: ObjectId, ref: 'User' }, details: String, at: Date },
  element,
)
const message = new Schema({ senderId: { type: ObjectId, ref: 'User' }, content: String, at: Date }, element)

/** The legacy schema, with the fields that this backend added. */
export const disputeSchema = new Schema(
  {
    purchaseRequestId: { type: ObjectId, ref: 'PurchaseRequest', required: true, index: true },
    buyerId: { type: ObjectId, ref: 'User', required: true, index: true },
    sellerId: { type: ObjectId, ref: 'User', index: true },
    adminId: { type: ObjectId, ref: 'User', index: true },
    openedBy: { type: ObjectId, ref: 'User' },
    paymentId: { type: ObjectId, ref: 'Payment' },
    reason: { type: String, required: true, maxlength: 200 },
    description: { type: String, required: true, maxlength: 2000 },
    priority: { type: String, enum: disputePriorities, default: 'medium', index: true },
    category: { type: String, enum: disputeCategories, required: true, index: true },
    status: { type: String, enum: disputeStatuses, default: 'pending', index: true },
    evidence: [evidence],
    timeline: [timelineEntry],
    messages: [message],
    responseDeadline: Date,
    deadline: Date,
    resolution: {
      action: { type: String, enum: resolutionActions },
      // Mixed: money is written as text, whatever the legacy model says.
      amount: Mixed,
      currency: String,
      notes: String,
      resolvedBy: { type: ObjectId, ref: 'User' },
      resolvedAt: Date,
    },
    chatId: Mixed,
    origin: { type: String, enum: disputeOrigins },
  },
  { timestamps: true },
)
disputeSchema.index({ adminId: 1, status: 1 })
disputeSchema.index({ status: 1, priority: 1 })
// Old data has requests with two open disputes: only those that are born here are bound.
disputeSchema.index(
  { purchaseRequestId: 1, origin: 1 },
  {
    name: 'disputes_open_key',
    unique: true,
    partialFilterExpression: { origin: 'app', status: { $in: [...openStatuses] } },
  },
)

export function disputeModel(connection: Connection): Model<DisputeDocument> {
  const schema = disputeSchema as unknown as Schema<DisputeDocument>
  return legacyModel(connection, 'Dispute', schema, 'disputes')
}
