import { withoutNulls } from '../../../migration/document-changes.ts'
import { duplicatesIndex } from '../../../migration/legacy-model.ts'
import {
  lenientAmount,
  lenientDate,
  lenientId,
  lenientInteger,
  lenientReference,
  lenientText,
  objectIdOf,
} from '../../../migration/lenient.ts'
import { lenientJson } from '../../../migration/lenient-json.ts'
import type { MongoUnitContext } from '../../../migration/mongo-unit-store.ts'
import { storedAmount } from '../../../migration/stored-amount.ts'
import { parseId, publicId } from '../../../platform/ids.ts'
import { compareAmounts, zeroAmount } from '../../../platform/money.ts'
import { ledgerEntryExists } from '../errors.ts'
import { escrowStateIn, type LedgerEntry, metadataOf, type NewLedgerEntry } from '../ledger.model.ts'
import type { LedgerRepository } from '../ledger.repository.ts'
import { storedReference } from './documents.ts'
import { type FundsLedgerEntryDocument, fundsLedgerEntryModel } from './model.mongo.ts'

/** The funds ledger in MongoDB. */
export function createLedgerRepository(context: MongoUnitContext): LedgerRepository {
  const { session } = context
  const model = fundsLedgerEntryModel(context.connection)
  const { collection } = model
  return {
    async append(entry) {
      context.touched(collection.collectionName, objectIdOf(entry.id))
      try {
        await model.create([documentOf(entry)], { session, timestamps: false })
      } catch (error) {
        const taken =
          duplicatesIndex(error, 'funds_ledger_entries_idempotency_key') ||
          duplicatesIndex(error, 'funds_ledger_entries_reverses_key')
        if (taken) throw ledgerEntryExists(error)
        throw error
      }
    },

    async findByKey(idempotencyKey) {
      const found = await collection.findOne({ idempotencyKey }, { session })
      return found === null ? null : entryOf(found as FundsLedgerEntryDocument)
    },

    async entriesOf(paymentId) {
      const found = await collection
        .find({ paymentId: { $in: [objectIdOf(paymentId), publicId(paymentId)] } }, { session })
        .sort({ createdAt: 1, _id: 1 })
        .toArray()
      return found.map((document) => entryOf(document as FundsLedgerEntryDocument))
    },
  }
}

function documentOf(entry: NewLedgerEntry): Record<string, unknown> {
  const { reversesEntryId } = entry
  return withoutNulls({
    _id: objectIdOf(entry.id),
    purchaseRequestId: storedReference(entry.purchaseRequest),
    paymentId: objectIdOf(entry.paymentId),
    kind: entry.kind,
    amount: storedAmount(entry.amount),
    currency: entry.currency,
    direction: entry.direction,
    chainId: entry.chainId,
    txHash: entry.txHash,
    idempotencyKey: entry.idempotencyKey,
    reversesEntryId: reversesEntryId === null ? null : objectIdOf(reversesEntryId),
    disputeId: entry.disputeId === null ? null : objectIdOf(entry.disputeId),
    requestId: entry.requestId,
    actor: entry.actor,
    reason: entry.reason,
    createdBy: storedReference(entry.createdBy),
    metadata: metadataOf(entry),
    createdAt: entry.at,
    updatedAt: entry.at,
  })
}

/** The entry that a document tells, whatever lies in it. */
export function entryOf(document: FundsLedgerEntryDocument): LedgerEntry {
  return {
    id: parseId(document._id.toHexString()),
    purchaseRequest: lenientReference(document.purchaseRequestId),
    payment: lenientReference(document.paymentId),
    kind: lenientText(document.kind),
    amount: positive(lenientAmount(document.amount)),
    currency: lenientText(document.currency),
    direction: lenientText(document.direction),
    chainId: lenientInteger(document.chainId),
    txHash: lenientText(document.txHash),
    idempotencyKey: lenientText(document.idempotencyKey),
    reversesEntryId: lenientId(document.reversesEntryId),
    disputeId: lenientId(document.disputeId),
    actor: lenientText(document.actor),
    reason: lenientText(document.reason),
    note: lenientText(document.note),
    createdBy: lenientReference(document.createdBy),
    escrowStateBefore: escrowStateIn(lenientJson(document.metadata)),
    createdAt: lenientDate(document.createdAt),
  }
}

/** The table refuses entries of nothing or less, and shows no amount in their place. */
function positive(amount: LedgerEntry['amount']): LedgerEntry['amount'] {
  return amount !== null && compareAmounts(amount, zeroAmount) > 0 ? amount : null
}
