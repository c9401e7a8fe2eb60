import type { Types } from 'mongoose'
import { withoutNulls } from '../../../migration/document-changes.ts'
import {
  lenientBoolean,
  lenientDate,
  lenientId,
  lenientText,
  objectIdOf,
} from '../../../migration/lenient.ts'
import { lenientJson } from '../../../migration/lenient-json.ts'
import { deleteTouched, type MongoUnitContext } from '../../../migration/mongo-unit-store.ts'
import { type EntityId, parseId, publicId } from '../../../platform/ids.ts'
import { mergeCounts, metadataOf, type Notification } from '../model.ts'
import type { NotificationRepository } from '../repository.ts'
import { notificationModel } from './model.mongo.ts'

export function createNotificationRepository(context: MongoUnitContext): NotificationRepository {
  const { session } = context
  const model = notificationModel(context.connection)
  // The driver's collection: Mongoose would turn an ObjectId in a filter into text.
  const { collection } = model

  async function mark(filter: Record<string, unknown>, at: Date): Promise<number> {
    const found = await collection.find(filter, { session, projection: { _id: 1 } }).toArray()
    const ids = found.map(({ _id }) => _id as Types.ObjectId)
    for (const id of ids) context.touched(collection.collectionName, id)
    if (ids.length === 0) return 0
    const change = { $set: { isRead: true, readAt: at, updatedAt: at } }
    await collection.updateMany({ _id: { $in: ids } }, change, { session })
    return ids.length
  }

  return {
    async insert({ id, userId, ...fields }) {
      const _id = objectIdOf(id)
      context.touched(collection.collectionName, _id)
      const document = { _id, ...withoutNulls({ userId: userId && publicId(userId), ...fields }), __v: 0 }
      await collection.insertOne(document, { session })
    },

    async find(id) {
      const found = await collection.findOne({ _id: objectIdOf(id) }, { session })
      return found === null ? null : notificationOf(found as OldDocument)
    },

    async listOf(userId, { page, limit, unreadOnly = false, relatedId }) {
      const filter = {
        ...of(userId),
        ...(unreadOnly ? unread : {}),
        ...(relatedId === undefined ? {} : { relatedId }),
      }
      const items = await collection
        .find(filter, { session })
        .sort({ createdAt: -1, _id: -1 })
        .skip((page - 1) * limit)
        .limit(limit)
        .toArray()
      return {
        items: items.map((document) => notificationOf(document as OldDocument)),
        total: await collection.countDocuments(filter, { session }),
      }
    },

    unreadCount: (userId) => collection.countDocuments({ ...of(userId), ...unread }, { session }),

    async unreadByCategory(userId) {
      const groups = await collection
        .aggregate(
          [{ $match: { ...of(userId), ...unread } }, { $group: { _id: '$category', count: { $sum: 1 } } }],
          { session },
        )
        .toArray()
      return mergeCounts(
        groups.map(({ _id, count }) => ({ category: lenientText(_id), count: Number(count) })),
      )
    },

    async markRead(userId, ids, at) {
      if (ids.length === 0) return 0
      return mark({ _id: { $in: ids.map(objectIdOf) }, ...of(userId), ...unread }, at)
    },

    markAllRead: (userId, at) => mark({ ...of(userId), ...unread }, at),

    async remove(id) {
      await deleteTouched(model, { _id: objectIdOf(id) }, context)
    },

    // MongoDB removes them itself, by its TTL index.
    removeExpired: async () => 0,
  }
}

const unread = { isRead: { $ne: true } }

/** Text in nearly all of them; the id itself where a script of the past wrote it. */
const of = (userId: EntityId) => ({ userId: { $in: [publicId(userId), objectIdOf(userId)] } })

/** Whatever an old document holds. */
type OldDocument = Record<string, unknown> & { _id: Types.ObjectId }

export function notificationOf(document: OldDocument): Notification {
  return {
    id: parseId(document._id.toHexString()),
    userId: lenientId(document.userId),
    title: lenientText(document.title),
    message: lenientText(document.message),
    type: lenientText(document.type),
    category: lenientText(document.category),
    relatedId: lenientText(document.relatedId),
    metadata: metadataOf(lenientJson(document.metadata ?? null)),
    actionUrl: lenientText(document.actionUrl),
    isRead: lenientBoolean(document.isRead),
    readAt: lenientDate(document.readAt),
    createdAt: lenientDate(document.createdAt),
    updatedAt: lenientDate(document.updatedAt),
  }
}
