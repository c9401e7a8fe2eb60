import type { Types } from 'mongoose'
import { setAndUnset, withoutNulls } from '../../../migration/document-changes.ts'
import {
  lenientBoolean,
  lenientDate,
  lenientId,
  lenientText,
  objectIdOf,
} from '../../../migration/lenient.ts'
import { deleteTouched, type MongoUnitContext } from '../../../migration/mongo-unit-store.ts'
import { type EntityId, parseId, publicId } from '../../../platform/ids.ts'
import type { Address } from '../model.ts'
import type { AddressRepository } from '../repository.ts'
import { addressModel } from './model.mongo.ts'

/**
 * Addresses in MongoDB. The legacy collection has no unique index for the primary one: two calls at once change the
 * same document where one was primary before, and one of them is repeated; where none was, both may stand.
 */
export function createAddressRepository(context: MongoUnitContext): AddressRepository {
  const { session } = context
  const model = addressModel(context.connection)
  // The driver's collection: Mongoose would fill in defaults for what a caller left out on purpose.
  const { collection } = model
  const touch = (_id: Types.ObjectId) => {
    context.touched(collection.collectionName, _id)
    return { _id }
  }

  return {
    async insert({ id, userId, ...fields }) {
      const document = withoutNulls({ userId: userId && objectIdOf(userId), ...fields })
      await collection.insertOne({ ...touch(objectIdOf(id)), ...document, __v: 0 }, { session })
    },

    async find(id) {
      const found = await collection.findOne({ _id: objectIdOf(id) }, { session })
      return found === null ? null : addressOf(found as OldDocument)
    },

    async listOf(userId) {
      const found = await collection.find(of(userId), { session }).sort({ _id: 1 }).toArray()
      return found.map((document) => addressOf(document as OldDocument))
    },

    async update(id, changes, at) {
      const change = setAndUnset({ ...changes, updatedAt: at })
      await collection.updateOne(touch(objectIdOf(id)), change, { session })
    },

    async demoteOthers(userId, except, at) {
      const others = { ...of(userId), _id: { $ne: objectIdOf(except) }, primary: true }
      const found = await collection.find(others, { session, projection: { _id: 1 } }).toArray()
      const ids = found.map(({ _id }) => touch(_id as Types.ObjectId)._id)
      if (ids.length === 0) return
      const change = { $set: { primary: false, updatedAt: at } }
      await collection.updateMany({ _id: { $in: ids } }, change, { session })
    },

    async remove(id) {
      await deleteTouched(model, { _id: objectIdOf(id) }, context)
    },
  }
}

/** Old documents may hold ids as text. */
const of = (userId: EntityId) => ({ userId: { $in: [objectIdOf(userId), publicId(userId)] } })

/** Whatever an old document holds. */
type OldDocument = Record<string, unknown> & { _id: Types.ObjectId }

export function addressOf(document: OldDocument): Address {
  return {
    id: parseId(document._id.toHexString()),
    userId: lenientId(document.userId),
    name: lenientText(document.name),
    phoneNumber: lenientText(document.phoneNumber),
    fullAddress: lenientText(document.fullAddress),
    city: lenientText(document.city),
    state: lenientText(document.state),
    country: lenientText(document.country),
    zipCode: lenientText(document.zipCode),
    addressType: lenientText(document.addressType),
    primary: lenientBoolean(document.primary),
    createdAt: lenientDate(document.createdAt),
    updatedAt: lenientDate(document.updatedAt),
  }
}
