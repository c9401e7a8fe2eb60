import { duplicatesIndex } from '../../../migration/legacy-model.ts'
import { lenientDocument, objectIdOf } from '../../../migration/lenient.ts'
import type { MongoUnitContext } from '../../../migration/mongo-unit-store.ts'
import { type EntityId, parseId, publicId } from '../../../platform/ids.ts'
import { chatExists } from '../errors.ts'
import type { ChatFilter, ListedChat, UnkeyedChat } from '../model.ts'
import type { ChatRepository } from '../repository.ts'
import { chatOf, documentOf, lastMessageOf } from './documents.ts'
import { lastMessageElement, messages, refreshDerived, storedAs, unreadOf } from './expressions.ts'
import { type ChatDocument, chatModel } from './model.mongo.ts'

const withoutMessages = { messages: 0 } as const

/** Chats in MongoDB. Messages stay there: reads leave them out, and the server counts what is unread. */
export function createChatRepository(context: MongoUnitContext): ChatRepository {
  const { session } = context
  const { collection } = chatModel(context.connection)
  const touch = (id: EntityId) => {
    const _id = objectIdOf(id)
    // None of these writes changes a message.
    context.touched(collection.collectionName, _id, { messages: [] })
    return { _id }
  }
  const one = async (filter: Record<string, unknown>) => {
    const options = { session, projection: withoutMessages, sort: { _id: 1 } as const }
    const found = await collection.findOne(filter, options)
    return found === null ? null : chatOf(found as ChatDocument)
  }
  const update = (id: EntityId, change: object, filter: object = {}, arrayFilters: object[] = []) =>
    collection.updateOne({ ...touch(id), ...filter }, change, { session, arrayFilters })
  const refresh = (id: EntityId) => collection.updateOne(touch(id), refreshDerived, { session })

  return {
    find: (id) => one({ _id: objectIdOf(id) }),

    async findForUpdate(id) {
      // Snapshot isolation lets two transactions decide on what both have read: a write makes the second one fail.
      const found = await collection.findOneAndUpdate(
        touch(id),
        { $inc: { __v: 1 } },
        { session, returnDocument: 'after', projection: withoutMessages },
      )
      return found === null ? null : chatOf(found as ChatDocument)
    },

    findByKey: (directKey) => one({ directKey }),
    findUnkeyed: (wanted) => one(unkeyed(wanted)),

    async listAbout(relatedType, ids) {
      const forms = ids.flatMap((id) => [objectIdOf(id), publicId(id)])
      const found = await collection
        .find(
          { 'relatedTo.type': relatedType, 'relatedTo.id': { $in: forms } },
          { session, projection: withoutMessages, sort: { _id: 1 } },
        )
        .toArray()
      return found.map((document) => chatOf(document as ChatDocument))
    },

    async listOf(userId, filter, { page, limit }) {
      const found = await collection
        .aggregate(
          [
            { $match: matching(userId, filter) },
            { $sort: { updatedAt: -1, _id: -1 } },
            { $skip: (page - 1) * limit },
            { $limit: limit },
            { $set: { last: lastMessageElement, unread: unreadOf(userId) } },
            { $unset: 'messages' },
          ],
          { session },
        )
        .toArray()
      return found.map((document) => listedOf(document as ChatDocument))
    },

    countOf: (userId, filter) => collection.countDocuments(matching(userId, filter), { session }),

    async unreadByChat(userId) {
      const found = await collection
        .aggregate(
          [
            { $match: matching(userId, {}) },
            { $project: { unread: unreadOf(userId) } },
            { $match: { unread: { $gt: 0 } } },
            { $sort: { _id: 1 } },
          ],
          { session },
        )
        .toArray()
      return found.map(({ _id, unread }) => ({ chatId: parseId(String(_id)), unread: Number(unread) }))
    },

    async unreadTotal(userId) {
      const [total] = await collection
        .aggregate(
          [{ $match: matching(userId, {}) }, { $group: { _id: null, unread: { $sum: unreadOf(userId) } } }],
          { session },
        )
        .toArray()
      return Number(total?.unread ?? 0)
    },

    async insert(chat) {
      touch(chat.id)
      await collection.insertOne(documentOf(chat), { session }).catch(refuseSecond)
    },

    async setKey(id, directKey) {
      await update(id, { $set: { directKey } }).catch(refuseSecond)
    },

    async setArchived(id, isArchived, at) {
      await update(id, { $set: { 'settings.isArchived': isArchived, updatedAt: at } })
    },

    async join(id, { userId, role }, at) {
      const [counted] = await collection
        .aggregate([{ $match: { _id: objectIdOf(id) } }, { $project: { size: { $size: messages } } }], {
          session,
        })
        .toArray()
      const joined = { role, joinedAt: at, isActive: true, lastReadSeq: Number(counted?.size ?? 0) }
      const inPlace = Object.fromEntries(
        Object.entries(joined).map(([path, value]) => [`participants.$[who].${path}`, value]),
      )
      const back = await update(
        id,
        { $set: { ...inPlace, updatedAt: at }, $unset: { 'participants.$[who].leftAt': 1 } },
        { 'participants.userId': storedAs(userId) },
        [{ 'who.userId': storedAs(userId) }],
      )
      if (back.matchedCount === 0) {
        const participant = { userId: objectIdOf(userId), ...joined }
        await update(id, { $push: { participants: participant }, $set: { updatedAt: at } })
      }
      await refresh(id)
    },

    async leave(id, userId, at) {
      const gone = { 'participants.$[who].isActive': false, 'participants.$[who].leftAt': at }
      await update(id, { $set: { ...gone, updatedAt: at } }, {}, [{ 'who.userId': storedAs(userId) }])
      await refresh(id)
    },

    async setRole(id, userId, role) {
      await update(id, { $set: { 'participants.$[who].role': role } }, {}, [
        { 'who.userId': storedAs(userId) },
      ])
    },
  }
}

function matching(userId: EntityId, { type, archived }: ChatFilter): Record<string, unknown> {
  return {
    participants: { $elemMatch: { userId: storedAs(userId), isActive: { $ne: false } } },
    ...(type === undefined ? {} : { type }),
    ...(archived === undefined ? {} : { 'settings.isArchived': archived ? true : { $ne: true } }),
  }
}

function unkeyed({ type, between, relatedType, related }: UnkeyedChat): Record<string, unknown> {
  return {
    type,
    directKey: { $exists: false },
    participants: { $size: 2 },
    $and: between.map((userId) => ({ 'participants.userId': storedAs(userId) })),
    ...(related === null || relatedType === null
      ? { 'relatedTo.id': null }
      : { 'relatedTo.type': relatedType, 'relatedTo.id': storedAs(related) }),
  }
}

function listedOf(document: ChatDocument): ListedChat {
  return {
    ...chatOf(document),
    lastMessage: document.last === undefined ? null : lastMessageOf(lenientDocument(document.last)),
    unread: Number(document.unread),
  }
}

function refuseSecond(error: unknown): never {
  if (duplicatesIndex(error, 'chats_direct_key')) throw chatExists(error)
  throw error
}
