import { withoutNulls } from '../../../../migration/document-changes.ts'
import {
  lenientAmount,
  lenientBoolean,
  lenientDate,
  lenientDocument,
  lenientId,
  lenientInteger,
  lenientText,
  lenientTexts,
  objectIdOf,
} from '../../../../migration/lenient.ts'
import { type MongoUnitContext, touchIn } from '../../../../migration/mongo-unit-store.ts'
import { storedAmount } from '../../../../migration/stored-amount.ts'
import { type EntityId, parseId, publicId } from '../../../../platform/ids.ts'
import { type Amount, compareAmounts, timesAmount, zeroAmount } from '../../../../platform/money.ts'
import { completedStatuses } from '../../request/index.ts'
import { offerAlreadyAccepted, offerExists } from '../errors.ts'
import type { NewSellerOffer, SellerOffer } from '../model.ts'
import type { OfferRepository } from '../repository.ts'
import { standing } from '../states.ts'
import { mergeStatuses, type PriceGroup, pricesOf } from '../summaries.ts'
import { type SellerOfferDocument, sellerOfferModel } from './model.mongo.ts'

/**
 * Offers in MongoDB. The legacy collection has no unique indexes, so the rules are checked here; that holds because
 * whoever writes an offer has taken the request for update first.
 */
export function createOfferRepository(context: MongoUnitContext): OfferRepository {
  const { session } = context
  const model = sellerOfferModel(context.connection)
  const { collection } = model
  const touch = touchIn(context, collection)
  const offersOf = (documents: unknown[]) =>
    documents.map((document) => offerOf(document as SellerOfferDocument))

  return {
    async insert(offer) {
      const clash = {
        purchaseRequestId: storedAs(offer.purchaseRequestId),
        sellerId: storedAs(offer.sellerId),
        status: { $in: [...standing] },
      }
      if ((await collection.findOne(clash, { session })) !== null) throw offerExists()
      touch(offer.id)
      await model.create([documentOf(offer)], { session, timestamps: false })
    },

    async find(id) {
      const found = await collection.findOne({ _id: objectIdOf(id) }, { session })
      return found === null ? null : offerOf(found as SellerOfferDocument)
    },

    async findForUpdate(id) {
      const found = await collection.findOneAndUpdate(
        touch(id),
        { $inc: { __v: 1 } },
        { session, returnDocument: 'after' },
      )
      return found === null ? null : offerOf(found as SellerOfferDocument)
    },

    async findMany(ids) {
      return offersOf(await collection.find({ _id: { $in: ids.map(objectIdOf) } }, { session }).toArray())
    },

    async listByRequest(requestId) {
      const found = collection
        .find({ purchaseRequestId: storedAs(requestId) }, { session })
        .sort({ createdAt: 1, _id: 1 })
      return offersOf(await found.toArray())
    },

    async listBySeller(sellerId, page) {
      const found = collection
        .find({ sellerId: storedAs(sellerId) }, { session })
        .sort({ createdAt: -1, _id: -1 })
        .skip(page.offset)
        .limit(page.limit)
      return offersOf(await found.toArray())
    },

    async pricesByRequest(requestIds) {
      // The server counts equal prices and the sums are made here: $sum skips text and adds doubles inexactly.
      const words = { request: '$purchaseRequestId', currency: '$price.currency', amount: '$price.amount' }
      const match = { purchaseRequestId: { $in: requestIds.flatMap((id) => storedAs(id).$in) } }
      const groups = await collection
        .aggregate([{ $match: match }, { $group: { _id: words, count: { $sum: 1 } } }], { session })
        .toArray()
      return pricesOf(groups.flatMap(({ _id, count }) => priceGroupOf(_id, Number(count))))
    },

    async countByStatus(sellerId) {
      const groups = await collection
        .aggregate(
          [{ $match: { sellerId: storedAs(sellerId) } }, { $group: { _id: '$status', count: { $sum: 1 } } }],
          { session },
        )
        .toArray()
      return mergeStatuses(
        groups.map(({ _id, count }) => ({ status: lenientText(_id), count: Number(count) })),
      )
    },

    async completedBySeller(sellerIds) {
      const ofSellers = { sellerId: { $in: sellerIds.flatMap((id) => storedAs(id).$in) } }
      const projection = { sellerId: 1, purchaseRequestId: 1 }
      const chosen = await chosenOffers(
        (await collection.find(ofSellers, { session, projection }).toArray()).flatMap((offer) => {
          const sellerId = lenientId(offer.sellerId)
          const requestId = lenientId(offer.purchaseRequestId)
          return sellerId === null || requestId === null
            ? []
            : [{ id: parseId(String(offer._id)), sellerId, requestId }]
        }),
      )
      return [...Map.groupBy(chosen, ({ sellerId }) => sellerId)]
        .map(([sellerId, offers]) => ({ sellerId, completed: offers.length }))
        .sort((left, right) => (left.sellerId < right.sellerId ? -1 : 1))
    },

    async setStatus(id, status, at) {
      if (status === 'accepted') await refuseSecondAccepted(id)
      await collection.updateOne(touch(id), { $set: { status, updatedAt: at } }, { session })
    },

    async rejectStanding(requestId, except, at) {
      const found = await collection
        .find({ purchaseRequestId: storedAs(requestId), status: { $in: [...standing] } }, { session })
        .toArray()
      const ids = offersOf(found)
        .map((offer) => offer.id)
        .filter((id) => id !== except)
        .sort()
      for (const id of ids) {
        await collection.updateOne(touch(id), { $set: { status: 'rejected', updatedAt: at } }, { session })
      }
      return ids
    },
  }

  /** Those of the offers that their own request chose, and that is completed. Ids may be text, so it is joined here. */
  async function chosenOffers<Offer extends { id: EntityId; requestId: EntityId }>(
    offers: Offer[],
  ): Promise<Offer[]> {
    const ids = [...new Set(offers.map(({ requestId }) => requestId))].map(objectIdOf)
    const requests = await context.connection
      .collection('purchaserequests')
      .find(
        { _id: { $in: ids }, status: { $in: [...completedStatuses] } },
        { session, projection: { status: 1, selectedOfferId: 1 } },
      )
      .toArray()
    // A list that holds the word is found, too, and is not the word.
    const choices = new Map(
      requests
        .filter(({ status }) => typeof status === 'string')
        .map((request) => [parseId(String(request._id)), lenientId(request.selectedOfferId)]),
    )
    return offers.filter(({ id, requestId }) => choices.get(requestId) === id)
  }

  async function refuseSecondAccepted(id: EntityId): Promise<void> {
    const offer = await collection.findOne({ _id: objectIdOf(id) }, { session })
    const requestId = lenientId(offer?.purchaseRequestId)
    if (requestId === null) return
    const other = {
      _id: { $ne: objectIdOf(id) },
      purchaseRequestId: storedAs(requestId),
      status: 'accepted',
    }
    if ((await collection.findOne(other, { session })) !== null) throw offerAlreadyAccepted()
  }
}

function priceGroupOf(
  words: { request?: unknown; currency?: unknown; amount?: unknown },
  count: number,
): PriceGroup[] {
  const purchaseRequestId = lenientId(words.request)
  if (purchaseRequestId === null) return []
  const least = priceOf(words.amount)
  return [
    {
      purchaseRequestId,
      currency: lenientText(words.currency),
      count,
      priced: least === null ? 0 : count,
      least,
      total: least === null ? zeroAmount : timesAmount(least, count),
    },
  ]
}

/** What the table refuses (a price below zero) is none. */
function priceOf(stored: unknown): Amount | null {
  const amount = lenientAmount(stored)
  return amount !== null && compareAmounts(amount, zeroAmount) >= 0 ? amount : null
}

/** Old documents hold ids as text, too. */
function storedAs(id: EntityId) {
  return { $in: [objectIdOf(id), publicId(id)] }
}

function documentOf(offer: NewSellerOffer): Record<string, unknown> {
  return withoutNulls({
    _id: objectIdOf(offer.id),
    sellerId: objectIdOf(offer.sellerId),
    purchaseRequestId: objectIdOf(offer.purchaseRequestId),
    title: offer.title,
    description: offer.description,
    price: { amount: storedAmount(offer.price.amount), currency: offer.price.currency },
    priceVersion: 1,
    deliveryTime: offer.deliveryTime,
    status: 'pending',
    attachments: offer.attachments,
    notes: offer.notes,
    validUntil: offer.validUntil,
    requireAmlCheck: offer.requireAmlCheck,
    amlBlockOnFailure: offer.amlBlockOnFailure,
    createdAt: offer.at,
    updatedAt: offer.at,
  })
}

/** The offer that a document tells, whatever lies in it. */
export function offerOf(document: SellerOfferDocument): SellerOffer {
  const price = lenientDocument(document.price)
  const deliveryTime = lenientDocument(document.deliveryTime)
  const time = lenientInteger(deliveryTime.amount)
  return {
    id: parseId(document._id.toHexString()),
    sellerId: lenientId(document.sellerId),
    purchaseRequestId: lenientId(document.purchaseRequestId),
    title: lenientText(document.title),
    description: lenientText(document.description),
    price: { amount: priceOf(price.amount), currency: lenientText(price.currency) },
    priceVersion: lenientInteger(document.priceVersion),
    // As the table: a delivery in no time is none.
    deliveryTime: { amount: time !== null && time >= 1 ? time : null, unit: lenientText(deliveryTime.unit) },
    status: lenientText(document.status),
    attachments: lenientTexts(document.attachments),
    notes: lenientText(document.notes),
    validUntil: lenientDate(document.validUntil),
    requireAmlCheck: lenientBoolean(document.requireAmlCheck),
    amlBlockOnFailure: lenientBoolean(document.amlBlockOnFailure),
    createdAt: lenientDate(document.createdAt),
    updatedAt: lenientDate(document.updatedAt),
  }
}
