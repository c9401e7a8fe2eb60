import type { ClientSession, mongo, Types } from 'mongoose'
import { objectIdOf } from '../../../migration/lenient.ts'
import { type EntityId, publicId } from '../../../platform/ids.ts'
import { receiptLimit } from '../repository.ts'
import { lastReadOf, messages, storedAs } from './expressions.ts'
import { inMessage, type Step } from './steps.mongo.ts'

/**
 * The steps that mark a chat as read, and the messages that they change. The server finds the messages that this passes,
 * and answers their ids alone.
 */
export async function markReadInMongo(
  collection: mongo.Collection,
  session: ClientSession | undefined,
  { chatId, userId, upTo, at }: { chatId: EntityId; userId: EntityId; upTo: EntityId | null; at: Date },
): Promise<{ passed: Types.ObjectId[]; steps: Step[] } | null> {
  const [found] = await collection
    .aggregate([{ $match: { _id: objectIdOf(chatId) } }, ...passedBy(userId, upTo)], { session })
    .toArray()
  if (found === undefined) return null
  const passed = { 'message._id': { $in: found.ids } }
  const receipt = { userId: objectIdOf(userId), at }
  const steps = [
    {
      update: { $set: inMessage({ readBy: [] }) },
      arrayFilters: [{ ...passed, 'message.readBy': null }],
    },
    {
      update: { $push: inMessage({ readBy: receipt }) },
      arrayFilters: [{ ...passed, 'message.readBy.userId': { $nin: storedAs(userId).$in } }],
    },
    {
      update: {
        $set: { 'participants.$[who].lastReadSeq': found.place, 'participants.$[who].lastSeen': at },
      },
      arrayFilters: [{ 'who.userId': storedAs(userId), 'who.isActive': { $ne: false } }],
    },
  ]
  return { passed: found.ids, steps }
}

/** The new place of a reader, and the ids of the newest messages of others on the way to it. */
function passedBy(userId: EntityId, upTo: EntityId | null): Record<string, unknown>[] {
  const target =
    upTo === null ? { $size: '$all' } : { $add: [{ $indexOfArray: ['$all._id', objectIdOf(upTo)] }, 1] }
  const ofOthers = {
    $filter: {
      input: { $slice: ['$all', '$read', { $max: [1, { $subtract: ['$place', '$read'] }] }] },
      as: 'message',
      cond: { $not: { $in: ['$$message.senderId', [objectIdOf(userId), publicId(userId)]] } },
    },
  }
  return [
    { $project: { all: messages, read: lastReadOf(userId) } },
    { $set: { place: { $max: ['$read', target] } } },
    {
      $project: {
        place: 1,
        ids: {
          $cond: [
            { $gt: ['$place', '$read'] },
            { $slice: [{ $map: { input: ofOthers, as: 'message', in: '$$message._id' } }, -receiptLimit] },
            [],
          ],
        },
      },
    },
  ]
}
