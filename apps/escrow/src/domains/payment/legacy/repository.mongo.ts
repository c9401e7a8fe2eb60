import { setAndUnset } from '../../../migration/document-changes.ts'
import { duplicatesIndex } from '../../../migration/legacy-model.ts'
import { lenientAmount, lenientText, objectIdOf } from '../../../migration/lenient.ts'
import { type MongoUnitContext, touchIn } from '../../../migration/mongo-unit-store.ts'
import { dayAndText, dayWithin, maybeWithin } from '../../../migration/period.ts'
import { storedAmount } from '../../../migration/stored-amount.ts'
import { type EntityId, publicId } from '../../../platform/ids.ts'
import { type Amount, timesAmount, zeroAmount } from '../../../platform/money.ts'
import { openPayinExists, transactionAlreadyCredited } from '../errors.ts'
import type { PaymentFilter, PaymentPatch } from '../model.ts'
import type { PaymentRepository } from '../repository.ts'
import { mergeDailyVolumes, mergeVolumes } from '../volume.ts'
import { documentOf, paymentOf } from './documents.ts'
import { type PaymentDocument, paymentModel } from './model.mongo.ts'

/** Payments in MongoDB. Reads take documents as they lie; only inserts pass through the model. */
export function createPaymentRepository(context: MongoUnitContext): PaymentRepository {
  const { session } = context
  const model = paymentModel(context.connection)
  const { collection } = model
  const touch = touchIn(context, collection)

  return {
    async insert(payment) {
      touch(payment.id)
      try {
        await model.create([documentOf(payment)], { session, timestamps: false })
      } catch (error) {
        if (duplicatesIndex(error, 'payments_open_payin_key')) throw openPayinExists(error)
        throw error
      }
    },

    async find(id) {
      const found = await collection.findOne({ _id: objectIdOf(id) }, { session })
      return found === null ? null : paymentOf(found as PaymentDocument)
    },

    async findMany(ids) {
      const found = await collection.find({ _id: { $in: ids.map(objectIdOf) } }, { session }).toArray()
      return found.map((document) => paymentOf(document as PaymentDocument))
    },

    async findForUpdate(id) {
      // Snapshot isolation lets two transactions decide on what both have read: a write makes the second one fail.
      const found = await collection.findOneAndUpdate(
        touch(id),
        { $inc: { __v: 1 } },
        { session, returnDocument: 'after' },
      )
      return found === null ? null : paymentOf(found as PaymentDocument)
    },

    async findOpenPayin(buyerId, requestId, offerId) {
      const open = {
        buyerId: storedAs(buyerId),
        purchaseRequestId: storedAs(requestId),
        sellerOfferId: storedAs(offerId),
        direction: 'in',
        status: { $in: ['pending', 'processing'] },
      }
      const [found] = await collection.find(open, { session }).sort({ _id: -1 }).limit(1).toArray()
      return found === undefined ? null : paymentOf(found as PaymentDocument)
    },

    async list(filter, page) {
      const found = await collection
        .find(matching(filter), { session })
        .sort({ createdAt: -1, _id: -1 })
        .skip(page.offset)
        .limit(page.limit)
        .toArray()
      return found.map((document) => paymentOf(document as PaymentDocument))
    },

    count: (filter) => collection.countDocuments(matching(filter), { session }),

    async volumes(filter) {
      // $sum adds doubles inexactly, skips text and rounds on the way to Decimal128. So the server counts equal
      // amounts, and the exact sum is made here.
      const groups = await collection
        .aggregate(
          [
            { $match: matching(filter) },
            {
              $group: {
                _id: { status: '$status', currency: '$amount.currency', amount: '$amount.amount' },
                count: { $sum: 1 },
              },
            },
          ],
          { session },
        )
        .toArray()
      return mergeVolumes(
        groups.map(({ _id, count }) => {
          return {
            status: lenientText(_id.status),
            currency: lenientText(_id.currency),
            count: Number(count),
            amount: totalOf(_id.amount, Number(count)),
          }
        }),
      )
    },

    async dailyVolumes(period, filter) {
      const words = { provider: '$provider', currency: '$amount.currency', amount: '$amount.amount' }
      const groups = await collection
        .aggregate(
          [
            { $match: { $and: [maybeWithin('createdAt', period), matching(filter)] } },
            { $group: { _id: { ...dayAndText('createdAt'), ...words }, count: { $sum: 1 } } },
          ],
          { session },
        )
        .toArray()
      return mergeDailyVolumes(
        groups.flatMap(({ _id, count }) => {
          const day = dayWithin(_id, period)
          if (day === null) return []
          const provider = lenientText(_id.provider)
          const currency = lenientText(_id.currency)
          return [
            { day, provider, currency, count: Number(count), amount: totalOf(_id.amount, Number(count)) },
          ]
        }),
      )
    },

    async update(id, patch, at) {
      await refuseForeignTransaction(id, patch)
      await collection.updateOne(touch(id), setAndUnset({ ...changedPaths(patch), updatedAt: at }), {
        session,
      })
    },
  }

  /** The legacy collection has no unique index for this; the ledger's key is what two racing transfers meet on. */
  async function refuseForeignTransaction(id: EntityId, patch: PaymentPatch): Promise<void> {
    if (patch.transactionHash === undefined) return
    const own = await collection.findOne({ _id: objectIdOf(id) }, { session })
    const other = {
      _id: { $ne: objectIdOf(id) },
      'blockchain.chainId': own === null ? null : paymentOf(own as PaymentDocument).chain.chainId,
      'blockchain.transactionHash': patch.transactionHash,
      'blockchain.logIndex': patch.logIndex ?? 0,
      $or: [{ origin: 'app' }, { ledgerComplete: true }],
    }
    if ((await collection.findOne(other, { session })) !== null) throw transactionAlreadyCredited()
  }
}

function changedPaths(patch: PaymentPatch): Record<string, unknown> {
  return {
    status: patch.status,
    escrowState: patch.escrowState,
    disputed: patch.disputed,
    'blockchain.transactionHash': patch.transactionHash,
    'blockchain.logIndex': patch.logIndex,
    'blockchain.blockNumber': patch.blockNumber === undefined ? undefined : Number(patch.blockNumber),
    'blockchain.confirmations': patch.confirmations,
    confirmedAt: patch.confirmedAt,
    receivedAmount: patch.receivedAmount === undefined ? undefined : storedAmount(patch.receivedAmount),
    matching: patch.matching,
  }
}

/** What is no exact number adds nothing. */
function totalOf(stored: unknown, count: number): Amount {
  const amount = lenientAmount(stored)
  return amount === null ? zeroAmount : timesAmount(amount, count)
}

/** Old documents hold ids as text, too. */
function storedAs(id: EntityId) {
  return { $in: [objectIdOf(id), publicId(id)] }
}

function matching(filter: PaymentFilter): Record<string, unknown> {
  const { buyerId, sellerId, purchaseRequest, status, provider, direction } = filter
  return {
    ...(buyerId === undefined ? {} : { buyerId: storedAs(buyerId) }),
    ...(sellerId === undefined ? {} : { sellerId: storedAs(sellerId) }),
    ...(purchaseRequest === undefined
      ? {}
      : {
          purchaseRequestId:
            purchaseRequest.kind === 'entity' ? storedAs(purchaseRequest.id) : purchaseRequest.external,
        }),
    ...(status === undefined ? {} : { status }),
    ...(provider === undefined ? {} : { provider }),
    ...(direction === undefined ? {} : { direction }),
  }
}
