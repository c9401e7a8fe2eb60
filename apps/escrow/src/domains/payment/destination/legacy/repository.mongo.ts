import { duplicatesIndex } from '../../../../migration/legacy-model.ts'
import {
  lenientBaseUnits,
  lenientDate,
  lenientDocuments,
  lenientId,
  lenientInteger,
  lenientReference,
  lenientText,
  objectIdOf,
} from '../../../../migration/lenient.ts'
import { type MongoUnitContext, touchIn } from '../../../../migration/mongo-unit-store.ts'
import { highestIndex } from '../../../../platform/extended-key.ts'
import { type EntityId, parseId, publicId } from '../../../../platform/ids.ts'
import type { Reference } from '../../../../platform/reference.ts'
import { destinationExists, destinationTaken } from '../errors.ts'
import type { DerivedDestination, DestinationFilter, NewDestination } from '../model.ts'
import type { DestinationRepository } from '../repository.ts'
import { derivedDestinationCounter } from './mapping.ts'
import { counterModel, type DerivedDestinationDocument, derivedDestinationModel } from './model.mongo.ts'

/** Derived destinations in MongoDB, and the document that counts their indexes. */
export function createDestinationRepository(context: MongoUnitContext): DestinationRepository {
  const { session } = context
  const { collection } = derivedDestinationModel(context.connection)
  const counters = counterModel(context.connection)
  const touch = touchIn(context, collection)
  const one = async (filter: Record<string, unknown>): Promise<DerivedDestination | null> => {
    const found = await collection.findOne(filter, { session, sort: { _id: 1 } })
    return found === null ? null : destinationOf(found as DerivedDestinationDocument)
  }

  return {
    async nextIndex() {
      // Old counters fell behind what was given out by hand: the highest index in use counts as well.
      const [highest] = await collection
        .find(
          { derivationIndex: { $type: 'number', $lte: highestIndex } },
          { session, projection: { derivationIndex: 1 } },
        )
        .sort({ derivationIndex: -1 })
        .limit(1)
        .toArray()
      const used = lenientInteger(highest?.derivationIndex) ?? 0
      const counted = await counters.collection.findOneAndUpdate(
        { _id: derivedDestinationCounter.id as never },
        [{ $set: { seq: { $add: [{ $max: ['$seq', used] }, 1] } } }],
        { session, upsert: true, returnDocument: 'after' },
      )
      return Number(counted?.seq)
    },

    async insert(destination) {
      touch(destination.id)
      try {
        await collection.insertOne(documentOf(destination), { session })
      } catch (error) {
        if (duplicatesIndex(error, 'derived_destinations_key')) throw destinationExists(error)
        if (duplicatesIndex(error, 'derived_destinations_index_key')) throw destinationTaken(error)
        throw error
      }
    },

    find: (id) => one({ _id: objectIdOf(id) }),

    async findForUpdate(id) {
      // Snapshot isolation lets two transactions decide on what both have read: a write makes the second one fail.
      const found = await collection.findOneAndUpdate(
        touch(id),
        { $inc: { __v: 1 } },
        { session, returnDocument: 'after' },
      )
      return found === null ? null : destinationOf(found as DerivedDestinationDocument)
    },

    findByKey: ({ buyerId, sellerOffer, chainId }) =>
      one({ buyerId: storedAs(buyerId), chainId, sellerOfferId: offerStoredAs(sellerOffer) }),

    async list(filter, page) {
      const found = await collection
        .find(matching(filter), { session })
        .sort({ derivationIndex: 1, _id: 1 })
        .skip(page.offset)
        .limit(page.limit)
        .toArray()
      return found.map((document) => destinationOf(document as DerivedDestinationDocument))
    },

    count: (filter) => collection.countDocuments(matching(filter), { session }),

    async update(id, patch, at) {
      await collection.updateOne(touch(id), { $set: { ...patch, updatedAt: at } }, { session })
    },

    async addSweep(id, sweep) {
      // Old documents have null where a list is due, and $push refuses that.
      await collection.updateOne({ ...touch(id), sweeps: null }, { $set: { sweeps: [] } }, { session })
      await collection.updateOne(touch(id), { $push: { sweeps: sweep } as never }, { session })
    },
  }
}

function documentOf(destination: NewDestination): Record<string, unknown> {
  const { id, buyerId, seller, sellerOffer, at, ...fields } = destination
  return {
    _id: objectIdOf(id),
    buyerId: objectIdOf(buyerId),
    sellerId: storedReference(seller),
    sellerOfferId: storedReference(sellerOffer),
    ...fields,
    status: 'allocated',
    lastBalance: '0',
    sweeps: [],
    createdAt: at,
    updatedAt: at,
    __v: 0,
  }
}

/** The destination that a document tells, whatever lies in it. */
export function destinationOf(document: DerivedDestinationDocument): DerivedDestination {
  return {
    id: parseId(document._id.toHexString()),
    buyerId: lenientId(document.buyerId),
    seller: lenientReference(document.sellerId),
    sellerOffer: lenientReference(document.sellerOfferId),
    chainId: lenientInteger(document.chainId),
    address: lenientText(document.address),
    derivationIndex: lenientInteger(document.derivationIndex),
    path: lenientText(document.path),
    status: lenientText(document.status),
    lastBalance: lenientBaseUnits(document.lastBalance),
    sweeps: lenientDocuments(document.sweeps).map((sweep) => ({
      txHash: lenientText(sweep.txHash),
      amount: lenientBaseUnits(sweep.amount),
      at: lenientDate(sweep.at),
    })),
    createdAt: lenientDate(document.createdAt),
    updatedAt: lenientDate(document.updatedAt),
  }
}

function storedReference(reference: Reference) {
  return reference.kind === 'entity' ? objectIdOf(reference.id) : reference.external
}

/** Old documents hold ids as text, too. */
function storedAs(id: EntityId) {
  return { $in: [objectIdOf(id), publicId(id)] }
}

function offerStoredAs(offer: Reference) {
  return offer.kind === 'entity' ? storedAs(offer.id) : offer.external
}

function matching({ status, chainId }: DestinationFilter): Record<string, unknown> {
  return { ...(status === undefined ? {} : { status }), ...(chainId === undefined ? {} : { chainId }) }
}
