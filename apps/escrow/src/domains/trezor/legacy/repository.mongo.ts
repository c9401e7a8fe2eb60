import type { Types } from 'mongoose'
import { withoutNulls } from '../../../migration/document-changes.ts'
import { duplicatesIndex } from '../../../migration/legacy-model.ts'
import {
  lenientBoolean,
  lenientDate,
  lenientDocuments,
  lenientId,
  lenientInteger,
  lenientText,
  objectIdOf,
} from '../../../migration/lenient.ts'
import type { MongoUnitContext } from '../../../migration/mongo-unit-store.ts'
import { type EntityId, parseId, publicId } from '../../../platform/ids.ts'
import { trezorActiveExists, trezorAddressTaken } from '../errors.ts'
import type { NewIssuedAddress, TrezorAccount } from '../model.ts'
import type { TrezorRepository } from '../repository.ts'
import { type TrezorAccountDocument, trezorAccountModel } from './model.mongo.ts'

/** Trezor accounts in MongoDB. */
export function createTrezorRepository(context: MongoUnitContext): TrezorRepository {
  const { session } = context
  const { collection } = trezorAccountModel(context.connection)
  const touch = (_id: Types.ObjectId) => {
    context.touched(collection.collectionName, _id)
    return { _id }
  }
  const one = async (filter: Record<string, unknown>): Promise<TrezorAccount | null> => {
    const found = await collection.findOne(filter, { session, sort: { _id: 1 } })
    return found === null ? null : accountOf(found as TrezorAccountDocument)
  }

  return {
    find: (id) => one({ _id: objectIdOf(id) }),
    findActive: (userId) => one(activeOf(userId)),

    async findActiveForUpdate(userId) {
      // Snapshot isolation lets two transactions decide on what both have read: a write makes the second one fail.
      const found = await collection.findOneAndUpdate(
        activeOf(userId),
        { $inc: { __v: 1 } },
        { session, sort: { _id: 1 }, returnDocument: 'after' },
      )
      if (found === null) return null
      touch(found._id)
      return accountOf(found as TrezorAccountDocument)
    },

    async listByXpub(xpub) {
      const found = await collection.find({ xpub }, { session }).sort({ _id: 1 }).toArray()
      return found.map((document) => accountOf(document as TrezorAccountDocument))
    },

    findByPayment: (paymentId) => one({ 'addresses.paymentId': storedAs(paymentId) }),

    async insert({ id, userId, at, ...fields }) {
      const document = {
        ...touch(objectIdOf(id)),
        userId: objectIdOf(userId),
        ...withoutNulls(fields),
        nextAddressIndex: 1,
        addresses: [],
        isActive: true,
        origin: 'app',
        createdAt: at,
        updatedAt: at,
        __v: 0,
      }
      await collection.insertOne(document, { session }).catch(refuseSecond)
    },

    async update(id, patch, at) {
      await collection
        .updateOne(touch(objectIdOf(id)), { $set: { ...patch, updatedAt: at } }, { session })
        .catch(refuseSecond)
    },

    async deactivateOthers(userId, except, at) {
      const others = except === null ? {} : { _id: { $ne: objectIdOf(except) } }
      const found = await collection
        .find({ ...activeOf(userId), ...others }, { session, projection: { _id: 1 } })
        .toArray()
      for (const { _id } of found) {
        await collection.updateOne(touch(_id), { $set: { isActive: false, updatedAt: at } }, { session })
      }
    },

    async addAddress(id, address) {
      await refuseTaken(id, address)
      const byId = touch(objectIdOf(id))
      // Old documents have null where a list is due, and $push refuses that.
      await collection.updateOne({ ...byId, addresses: null }, { $set: { addresses: [] } }, { session })
      const { paymentId, ...fields } = address
      const element = withoutNulls({ ...fields, paymentId: paymentId && objectIdOf(paymentId) })
      await collection.updateOne(byId, { $push: { addresses: element } as never }, { session })
    },
  }

  /** Old data breaks every rule that a unique index could keep. */
  async function refuseTaken(id: EntityId, { index, address, paymentId }: NewIssuedAddress): Promise<void> {
    const taken = await one({
      $or: [
        { 'addresses.address': { $in: [address, address.toLowerCase()] } },
        { _id: objectIdOf(id), 'addresses.index': index },
        ...(paymentId === null ? [] : [{ 'addresses.paymentId': storedAs(paymentId) }]),
      ],
    })
    if (taken !== null) throw trezorAddressTaken()
  }
}

/** The account that a document tells, whatever lies in it. */
export function accountOf(document: TrezorAccountDocument): TrezorAccount {
  return {
    id: parseId(document._id.toHexString()),
    userId: lenientId(document.userId),
    xpub: lenientText(document.xpub),
    xpubFingerprint: lenientText(document.xpubFingerprint),
    basePath: lenientText(document.basePath),
    registrationAddress: lenientText(document.registrationAddress),
    nextAddressIndex: lenientInteger(document.nextAddressIndex),
    addresses: lenientDocuments(document.addresses).map((address) => ({
      index: lenientInteger(address.index),
      address: lenientText(address.address),
      path: lenientText(address.path),
      purpose: lenientText(address.purpose),
      paymentId: lenientId(address.paymentId),
      issuedAt: lenientDate(address.issuedAt),
    })),
    deviceLabel: lenientText(document.deviceLabel),
    isActive: lenientBoolean(document.isActive),
    createdAt: lenientDate(document.createdAt),
    updatedAt: lenientDate(document.updatedAt),
  }
}

function activeOf(userId: EntityId): Record<string, unknown> {
  return { userId: storedAs(userId), isActive: true }
}

/** Old documents hold ids as text, too. */
function storedAs(id: EntityId) {
  return { $in: [objectIdOf(id), publicId(id)] }
}

function refuseSecond(error: unknown): never {
  throw duplicatesIndex(error, 'trezor_accounts_active_key') ? trezorActiveExists(error) : error
}
