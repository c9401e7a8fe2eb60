import { type Connection, type Model, Schema, type Types } from 'mongoose'
import { legacyModel } from '../../../migration/legacy-model.ts'
import {
  escrowStates,
  ledgerDirections,
  ledgerKinds,
  matchings,
  origins,
  paymentDirections,
  paymentProviders,
  paymentStatuses,
} from '../vocabulary.ts'

/** A document as it lies in the collection: old ones may lack, or misspell, anything but `_id`. */
export interface PaymentDocument {
  _id: Types.ObjectId
  [path: string]: unknown
}

export interface FundsLedgerEntryDocument {
  _id: Types.ObjectId
  [path: string]: unknown
}

const { ObjectId, Mixed } = Schema.Types

// Money is Mixed although the legacy model says Number: what no double holds exactly is written as Decimal128.
const amount = { type: Mixed }

/** The legacy schema, with the fields that this backend added. */
export const paymentSchema = new Schema(
  {
    // Mixed in the legacy model: an ObjectId, its text, `template-checkout-*`, or somebody else's reference.
    purchaseRequestId: { type: Mixed, required: true, index: true },
    sellerOfferId: { type: Mixed, required: true },
    buyerId: { type: ObjectId, ref: 'User', required: true, index: true },
    sellerId: { type: Mixed, required: true, index: true },
    amount: { amount: { type: Mixed, required: true }, currency: { type: String, default: 'USDT' } },
    provider: { type: String, enum: paymentProviders, default: 'request.network', index: true },
    providerPaymentId: String,
    direction: { type: String, enum: paymentDirections, default: 'in', index: true },
    status: { type: String, enum: paymentStatuses, default: 'pending' },
    escrowState: { type: String, enum: escrowStates, default: 'none' },
    disputed: Boolean,
    blockchain: {
      chainId: Number,
      token: String,
      tokenDecimals: Number,
      transactionHash: String,
      logIndex: Number,
      recipient: String,
      blockNumber: amount,
      blockHash: String,
      confirmations: Number,
      network: String,
      sender: String,
    },
    quote: {
      type: new Schema(
        {
          amount,
          currency: String,
          rate: amount,
          source: String,
          priceVersion: Number,
          quotedAt: Date,
          expiresAt: Date,
        },
        { _id: false },
      ),
      required: false,
    },
    metadata: Mixed,
    expiresAt: Date,
    confirmedAt: Date,
    receivedAmount: amount,
    matching: { type: String, enum: matchings },
    idempotencyKey: String,
    ledgerComplete: Boolean,
    origin: { type: String, enum: origins },
  },
  { timestamps: true },
)
// One open pay-in per buyer, request and offer. Old data breaks the rule, so it binds what was born here.
paymentSchema.index(
  { buyerId: 1, purchaseRequestId: 1, sellerOfferId: 1 },
  {
    name: 'payments_open_payin_key',
    unique: true,
    partialFilterExpression: { origin: 'app', direction: 'in', status: { $in: ['pending', 'processing'] } },
  },
)

/** The legacy schema, with the fields that this backend added. Nothing but `insert` ever writes this collection. */
export const fundsLedgerEntrySchema = new Schema(
  {
    purchaseRequestId: { type: Mixed, index: true },
    paymentId: { type: Mixed, index: true },
    kind: { type: String, enum: ledgerKinds, required: true },
    amount: { type: Mixed, required: true },
    currency: { type: String, required: true },
    direction: { type: String, enum: ledgerDirections },
    chainId: Number,
    txHash: String,
    idempotencyKey: String,
    reversesEntryId: ObjectId,
    disputeId: ObjectId,
    requestId: String,
    actor: String,
    reason: String,
    note: String,
    metadata: Mixed,
    createdBy: Mixed,
  },
  { timestamps: true },
)
fundsLedgerEntrySchema.index(
  { idempotencyKey: 1 },
  { name: 'funds_ledger_entries_idempotency_key', unique: true, sparse: true },
)
fundsLedgerEntrySchema.index(
  { reversesEntryId: 1 },
  { name: 'funds_ledger_entries_reverses_key', unique: true, sparse: true },
)

export function paymentModel(connection: Connection): Model<PaymentDocument> {
  const schema = paymentSchema as unknown as Schema<PaymentDocument>
  return legacyModel(connection, 'Payment', schema, 'payments')
}

export function fundsLedgerEntryModel(connection: Connection): Model<FundsLedgerEntryDocument> {
  const schema = fundsLedgerEntrySchema as unknown as Schema<FundsLedgerEntryDocument>
  return legacyModel(connection, 'FundsLedgerEntry', schema, 'fundsledgerentries')
}
