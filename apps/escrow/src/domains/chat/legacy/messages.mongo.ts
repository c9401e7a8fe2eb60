import type { mongo, Types } from 'mongoose'
import { objectIdOf } from '../../../migration/lenient.ts'
import type { MongoUnitContext } from '../../../migration/mongo-unit-store.ts'
import type { EntityId } from '../../../platform/ids.ts'
import type { Message, MessageWindow } from '../model.ts'
import type { ChatMessageRepository } from '../repository.ts'
import { elementOf, messageOf } from './documents.ts'
import { messages, refreshDerived, storedAs } from './expressions.ts'
import { chatModel } from './model.mongo.ts'
import { markReadInMongo } from './receipts.mongo.ts'
import { asArray, inMessage, type Step, theMessage } from './steps.mongo.ts'

/** The messages of chats in MongoDB: writes name the element that they change, reads take one page out. */
export function createChatMessageRepository(context: MongoUnitContext): ChatMessageRepository {
  const { session } = context
  const { collection } = chatModel(context.connection)

  /** One command; the last step brings what is derived from the messages up to date. */
  const write = async (chatId: EntityId, messageIds: Types.ObjectId[], steps: Step[]) => {
    const _id = objectIdOf(chatId)
    context.touched(collection.collectionName, _id, { messages: messageIds })
    const operations: mongo.AnyBulkWriteOperation[] = [...steps, { update: refreshDerived }].map(
      ({ filter, ...step }) => ({ updateOne: { filter: { _id, ...filter }, ...step } }),
    )
    await collection.bulkWrite(operations, { session, ordered: true })
  }
  const set = (chatId: EntityId, messageId: EntityId, values: Record<string, unknown>, ...before: Step[]) =>
    write(
      chatId,
      [objectIdOf(messageId)],
      [...before, { update: { $set: inMessage(values) }, arrayFilters: [theMessage(messageId)] }],
    )

  return {
    async page(chatId, window) {
      const [found] = await collection
        .aggregate([{ $match: { _id: objectIdOf(chatId) } }, ...pageOf(window)], { session })
        .toArray()
      const elements: Record<string, unknown>[] = found?.page ?? []
      return { messages: elements.map(messageOf).filter(isMessage), hasMore: found?.hasMore === true }
    },

    async find(chatId, messageId) {
      const found = await collection.findOne(
        { _id: objectIdOf(chatId) },
        { session, projection: { messages: { $elemMatch: { _id: objectIdOf(messageId) } } } },
      )
      const [element] = found?.messages ?? []
      return element === undefined ? null : messageOf(element)
    },

    async append(chatId, message) {
      await write(
        chatId,
        [objectIdOf(message.id)],
        [
          { filter: { messages: null }, update: { $set: { messages: [] } } },
          { update: { $push: { messages: elementOf(message) }, $set: { updatedAt: message.at } } },
        ],
      )
    },

    edit: (chatId, messageId, { content, before, at }) =>
      set(chatId, messageId, { content, isEdited: true, editedAt: at }, asArray(messageId, 'editHistory'), {
        update: {
          $push: inMessage({ editHistory: before === null ? { at } : { content: before, at } }),
        },
        arrayFilters: [theMessage(messageId)],
      }),

    markDeleted: (chatId, messageId, at) => set(chatId, messageId, { isDeleted: true, deletedAt: at }),

    async react(chatId, messageId, { userId, emoji }) {
      const users = 'messages.$[message].reactions.$[reaction].users'
      await write(
        chatId,
        [objectIdOf(messageId)],
        [
          asArray(messageId, 'reactions'),
          {
            update: { $push: inMessage({ reactions: { emoji, users: [] } }) },
            arrayFilters: [{ ...theMessage(messageId), 'message.reactions.emoji': { $ne: emoji } }],
          },
          {
            update: { $set: { [users]: [] } },
            arrayFilters: [theMessage(messageId), { 'reaction.emoji': emoji, 'reaction.users': null }],
          },
          {
            update: { $push: { [users]: objectIdOf(userId) } },
            arrayFilters: [
              theMessage(messageId),
              { 'reaction.emoji': emoji, 'reaction.users': { $nin: storedAs(userId).$in } },
            ],
          },
        ],
      )
    },

    async unreact(chatId, messageId, { userId, emoji }) {
      await write(
        chatId,
        [objectIdOf(messageId)],
        [
          {
            update: { $pull: { 'messages.$[message].reactions.$[reaction].users': storedAs(userId) } },
            arrayFilters: [
              theMessage(messageId),
              { 'reaction.emoji': emoji, 'reaction.users': storedAs(userId) },
            ],
          },
        ],
      )
    },

    async markRead(chatId, userId, upTo, at) {
      const read = await markReadInMongo(collection, session, { chatId, userId, upTo, at })
      if (read !== null) await write(chatId, read.passed, read.steps)
    },
  }
}

function isMessage(message: Message | null): message is Message {
  return message !== null
}

/** Cuts the window out of the array on the server. */
function pageOf({ limit, before, after }: MessageWindow): Record<string, unknown>[] {
  const cursor = before ?? after
  const place = cursor === undefined ? { $size: '$all' } : { $indexOfArray: ['$all._id', objectIdOf(cursor)] }
  const [begin, end] =
    after === undefined
      ? [{ $max: [0, { $subtract: ['$place', limit] }] }, '$place']
      : [{ $add: ['$place', 1] }, { $min: [{ $size: '$all' }, { $add: ['$place', 1 + limit] }] }]
  const count = { $subtract: ['$end', '$begin'] }
  return [
    { $project: { all: messages } },
    { $set: { place } },
    // A cursor that is not there has no place: nothing stands beyond it.
    { $match: { place: { $gte: 0 } } },
    { $set: { begin, end } },
    {
      $project: {
        page: { $cond: [{ $gt: [count, 0] }, { $slice: ['$all', '$begin', { $max: [1, count] }] }, []] },
        hasMore: after === undefined ? { $gt: ['$begin', 0] } : { $lt: ['$end', { $size: '$all' }] },
      },
    },
  ]
}
