import { setAndUnset, withoutNulls } from '../../../../migration/document-changes.ts'
import { lenientId, lenientText, objectIdOf } from '../../../../migration/lenient.ts'
import { type MongoUnitContext, touchIn } from '../../../../migration/mongo-unit-store.ts'
import { type EntityId, parseId, publicId } from '../../../../platform/ids.ts'
import type { PurchaseRequestPatch, RequestFilter } from '../model.ts'
import type { RequestRepository } from '../repository.ts'
import { completed, openForOffers } from '../states.ts'
import { mergeCounts } from '../status-count.ts'
import { attemptElement, documentOf, requestOf, statusChangeElement, summaryOf } from './documents.ts'
import { type PurchaseRequestDocument, purchaseRequestModel } from './model.mongo.ts'

/** Purchase requests in MongoDB. Reads take documents as they lie; only inserts pass through the model. */
export function createRequestRepository(context: MongoUnitContext): RequestRepository {
  const { session } = context
  const model = purchaseRequestModel(context.connection)
  const { collection } = model
  const touch = touchIn(context, collection)
  const push = async (id: EntityId, path: string, element: object) => {
    await collection.updateOne(touch(id), { $push: { [path]: element } as never }, { session })
  }

  return {
    async insert(request) {
      touch(request.id)
      await model.create([documentOf(request)], { session, timestamps: false })
    },

    async find(id) {
      const found = await collection.findOne({ _id: objectIdOf(id) }, { session })
      return found === null ? null : requestOf(found as PurchaseRequestDocument)
    },

    async findForUpdate(id) {
      // Snapshot isolation lets two transactions decide on what both have read: a write makes the second one fail.
      const found = await collection.findOneAndUpdate(
        touch(id),
        { $inc: { __v: 1 } },
        { session, returnDocument: 'after' },
      )
      return found === null ? null : requestOf(found as PurchaseRequestDocument)
    },

    async findMany(ids) {
      const found = await collection.find({ _id: { $in: ids.map(objectIdOf) } }, { session }).toArray()
      return found.map((document) => summaryOf(document as PurchaseRequestDocument))
    },

    async list(filter, page) {
      const found = await collection
        .find(matching(filter), { session })
        .sort({ createdAt: -1, _id: -1 })
        .skip(page.offset)
        .limit(page.limit)
        .toArray()
      return found.map((document) => summaryOf(document as PurchaseRequestDocument))
    },

    count: (filter) => collection.countDocuments(matching(filter), { session }),

    async countByStatus(buyerId) {
      const match = buyerId === undefined ? {} : { buyerId: storedAs(buyerId) }
      const groups = await collection
        .aggregate([{ $match: match }, { $group: { _id: '$status', count: { $sum: 1 } } }], { session })
        .toArray()
      return mergeCounts(groups.map(({ _id, count }) => ({ status: lenientText(_id), count: Number(count) })))
    },

    async completedOf(buyerId, id) {
      const filter = {
        buyerId: storedAs(buyerId),
        status: { $in: [...completed] },
        ...(id === undefined ? {} : { _id: objectIdOf(id) }),
      }
      const found = await collection
        .find(filter, { session, projection: { selectedOfferId: 1 } })
        .sort({ _id: -1 })
        .toArray()
      return found.map(({ _id, selectedOfferId }) => ({
        id: parseId(String(_id)),
        selectedOfferId: lenientId(selectedOfferId),
      }))
    },

    async update(id, patch, at) {
      await collection.updateOne(touch(id), setAndUnset({ ...changedPaths(patch), updatedAt: at }), {
        session,
      })
    },

    appendStatusChange: (id, change) => push(id, 'statusHistory', statusChangeElement(change)),
    appendDeliveryAttempt: (id, attempt) =>
      push(id, 'deliveryInfo.deliveryAttempts', attemptElement(attempt)),
    appendTrackingEvent: (id, event) => push(id, 'trackingEvents', withoutNulls({ ...event })),
  }
}

function changedPaths(patch: PurchaseRequestPatch): Record<string, unknown> {
  return {
    status: patch.status,
    selectedOfferId: storedId(patch.selectedOfferId),
    shippedAt: patch.shippedAt,
    'deliveryInfo.deliveryCode': patch.deliveryCode,
    'deliveryInfo.deliveryCodeGeneratedAt': patch.deliveryCodeGeneratedAt,
    'deliveryInfo.deliveryCodeExpiresAt': patch.deliveryCodeExpiresAt,
    'deliveryInfo.deliveryCodeUsed': patch.deliveryCodeUsed,
    'deliveryInfo.deliveryCodeUsedAt': patch.deliveryCodeUsedAt,
    cancelReason: patch.cancelReason,
    cancelledBy: storedId(patch.cancelledBy),
    completedAt: patch.completedAt,
    inspectionEndsAt: patch.inspectionEndsAt,
    disputed: patch.disputed,
    releaseHold: patch.releaseHold,
  }
}

function storedId(id: EntityId | null | undefined) {
  return id === null || id === undefined ? id : objectIdOf(id)
}

/** Old documents hold ids as text, too. */
function storedAs(id: EntityId) {
  return { $in: [objectIdOf(id), publicId(id)] }
}

function matching(filter: RequestFilter): Record<string, unknown> {
  const { buyerId, categoryId, status, visibleToSeller } = filter
  const conditions: Record<string, unknown>[] = []
  if (buyerId !== undefined) conditions.push({ buyerId: storedAs(buyerId) })
  if (categoryId !== undefined) conditions.push({ categoryId: storedAs(categoryId) })
  if (status !== undefined) conditions.push({ status })
  if (visibleToSeller !== undefined) {
    conditions.push({
      status: { $in: [...openForOffers] },
      $or: [{ isPublic: true }, { preferredSellerIds: storedAs(visibleToSeller) }],
    })
  }
  return conditions.length === 0 ? {} : { $and: conditions }
}
