import type { Types } from 'mongoose'
import { setAndUnset, withoutNulls } from '../../../migration/document-changes.ts'
import { duplicatesIndex } from '../../../migration/legacy-model.ts'
import {
  lenientBoolean,
  lenientDate,
  lenientId,
  lenientLong,
  lenientText,
  objectIdOf,
} from '../../../migration/lenient.ts'
import type { MongoUnitContext } from '../../../migration/mongo-unit-store.ts'
import { parseId } from '../../../platform/ids.ts'
import { linkTaken } from '../errors.ts'
import type { TelegramLinkRepository } from '../link.repository.ts'
import type { TelegramLink } from '../model.ts'
import { telegramLinkModel } from './link.model.mongo.ts'
import { anyFormOf, storedLong } from './stored-long.ts'

export function createTelegramLinkRepository(context: MongoUnitContext): TelegramLinkRepository {
  const { session } = context
  const { collection } = telegramLinkModel(context.connection)

  async function firstActive(filter: Record<string, unknown>): Promise<TelegramLink | null> {
    const found = await collection.findOne({ ...filter, isActive: true }, { session, sort: { _id: 1 } })
    return found === null ? null : linkOf(found as OldLink)
  }

  return {
    findActive: (telegramUserId) => firstActive({ telegramUserId: anyFormOf(telegramUserId) }),
    findActiveOf: (userId) => firstActive({ userId: objectIdOf(userId) }),

    async insert({ id, telegramUserId, userId, ...fields }) {
      const _id = objectIdOf(id)
      context.touched(collection.collectionName, _id)
      const document = {
        _id,
        ...withoutNulls({
          telegramUserId: telegramUserId && storedLong(telegramUserId),
          userId: userId && objectIdOf(userId),
          ...fields,
        }),
        __v: 0,
      }
      await collection.insertOne(document, { session }).catch((error: unknown) => {
        const isTaken =
          duplicatesIndex(error, 'telegramUserId_1_isActive_1') ||
          duplicatesIndex(error, 'userId_1_isActive_1')
        throw isTaken ? linkTaken(error) : error
      })
    },

    async update(id, changes, at) {
      const _id = objectIdOf(id)
      context.touched(collection.collectionName, _id)
      await collection.updateOne({ _id }, setAndUnset({ ...changes, updatedAt: at }), { session })
    },
  }
}

/** Whatever an old document holds. */
type OldLink = Record<string, unknown> & { _id: Types.ObjectId }

export function linkOf(document: OldLink): TelegramLink {
  return {
    id: parseId(document._id.toHexString()),
    telegramUserId: lenientLong(document.telegramUserId),
    userId: lenientId(document.userId),
    username: lenientText(document.username),
    firstName: lenientText(document.firstName),
    lastName: lenientText(document.lastName),
    isActive: lenientBoolean(document.isActive),
    lastSeenAt: lenientDate(document.lastSeenAt),
    origin: lenientText(document.origin),
    createdAt: lenientDate(document.createdAt),
    updatedAt: lenientDate(document.updatedAt),
  }
}
