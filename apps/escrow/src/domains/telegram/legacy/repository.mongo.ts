import type { Types } from 'mongoose'
import { withoutNulls } from '../../../migration/document-changes.ts'
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
import { replayed, sessionTaken } from '../errors.ts'
import type { TelegramSession } from '../model.ts'
import type { TelegramSessionRepository, TelegramUpdateRepository } from '../repository.ts'
import { telegramSessionModel, telegramUpdateModel } from './model.mongo.ts'
import { anyFormOf, storedLong } from './stored-long.ts'

export function createTelegramSessionRepository(context: MongoUnitContext): TelegramSessionRepository {
  const { session } = context
  const { collection } = telegramSessionModel(context.connection)

  async function change(_id: Types.ObjectId, fields: Record<string, unknown>): Promise<void> {
    context.touched(collection.collectionName, _id)
    await collection.updateOne({ _id }, { $set: fields }, { session })
  }

  return {
    async findByToken(candidates) {
      const filter = { token: { $in: candidates } }
      const found = await collection.findOne(filter, { session, sort: { _id: 1 } })
      return found === null ? null : sessionOf(found as OldSession)
    },

    async openOf(userId, now) {
      const filter = { userId: objectIdOf(userId), isActive: true, expiresAt: { $gt: now } }
      const found = await collection.find(filter, { session, sort: { _id: 1 } }).toArray()
      return found.map((document) => sessionOf(document as OldSession))
    },

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
        throw duplicatesIndex(error, 'token_1') ? sessionTaken(error) : error
      })
    },

    assign: (id, userId, at) => change(objectIdOf(id), { userId: objectIdOf(userId), updatedAt: at }),
    end: (id, at) => change(objectIdOf(id), { isActive: false, updatedAt: at }),

    async endAll(telegramUserId, at) {
      const filter = { telegramUserId: anyFormOf(telegramUserId), isActive: true }
      const found = await collection.find(filter, { session, projection: { _id: 1 } }).toArray()
      for (const { _id } of found) await change(_id as Types.ObjectId, { isActive: false, updatedAt: at })
      return found.length
    },

    // MongoDB removes them itself, by its TTL index.
    removeExpired: async () => 0,
  }
}

export function createTelegramUpdateRepository(context: MongoUnitContext): TelegramUpdateRepository {
  const { session } = context
  const { collection } = telegramUpdateModel(context.connection)
  return {
    async record({ id, updateId, at }) {
      const _id = objectIdOf(id)
      context.touched(collection.collectionName, _id)
      const document = {
        _id,
        updateId: storedLong(updateId),
        receivedAt: at,
        createdAt: at,
        updatedAt: at,
        __v: 0,
      }
      await collection.insertOne(document, { session }).catch((error: unknown) => {
        throw duplicatesIndex(error, 'updateId_1') ? replayed(error) : error
      })
    },

    // MongoDB removes them itself, by its TTL index.
    removeExpired: async () => 0,
  }
}

/** Whatever an old document holds. */
type OldSession = Record<string, unknown> & { _id: Types.ObjectId }

export function sessionOf(document: OldSession): TelegramSession {
  return {
    id: parseId(document._id.toHexString()),
    token: lenientText(document.token),
    telegramUserId: lenientLong(document.telegramUserId),
    userId: lenientId(document.userId),
    initDataFingerprint: lenientText(document.initDataFingerprint),
    authDate: lenientDate(document.authDate),
    source: lenientText(document.source),
    expiresAt: lenientDate(document.expiresAt),
    isActive: lenientBoolean(document.isActive),
    createdAt: lenientDate(document.createdAt),
    updatedAt: lenientDate(document.updatedAt),
  }
}
