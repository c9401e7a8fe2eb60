import { boolean, columnValue, type Derivation, integer, objectId, text, timestamp } from 'landbridge/mapping'
import { Int32, ObjectId } from 'mongodb'
import { type EntityId, publicId } from '../../../platform/ids.ts'
import { chatMessageReads, chatMessages, chatParticipants } from '../schema.ts'
import { unreadCountsSql } from '../unread.postgres.ts'

/*
 * What a chat's document tells a second time. Both are computed from the very values that lie in the columns, so that
 * the rows alone give the same answer: the codecs of the mapping say what a column holds.
 */

const codecs = {
  isDeleted: boolean(chatMessages.isDeleted),
  senderId: objectId(chatMessages.senderId),
  content: text(chatMessages.content),
  timestamp: timestamp(chatMessages.timestamp),
  reader: objectId(chatMessageReads.userId),
  userId: objectId(chatParticipants.userId),
  isActive: boolean(chatParticipants.isActive),
  lastReadSeq: integer(chatParticipants.lastReadSeq),
}

type Document = Record<string, unknown>

/** The last message that was not deleted. */
export const lastMessage: Derivation = {
  reads: ['messages.isDeleted', 'messages.content', 'messages.senderId', 'messages.timestamp'],
  compute(chat) {
    const last = documentsOf(chat.messages).findLast((message) => !isDeleted(message))
    if (last === undefined) return undefined
    return lastMessageOf(
      columnValue(codecs.content, last.content),
      columnValue(codecs.senderId, last.senderId),
      columnValue(codecs.timestamp, last.timestamp),
    )
  },
  async fromRows(query, chat) {
    const [last] = await query(
      `select content, sender_id, sent_at from chat_messages
       where chat_id = $1 and is_deleted is not true order by seq desc, id desc limit 1`,
      [chat],
    )
    return last === undefined ? undefined : lastMessageOf(last.content, last.sender_id, last.sent_at)
  },
}

/** By the user's hex id: how many messages each present participant has not read. */
export const unreadCounts: Derivation = {
  reads: [
    'messages.isDeleted',
    'messages.senderId',
    'messages.readBy.userId',
    'participants.userId',
    'participants.isActive',
    'participants.lastReadSeq',
  ],
  compute(chat) {
    const messages = documentsOf(chat.messages).map((message) => ({
      sender: columnValue(codecs.senderId, message.senderId),
      isDeleted: isDeleted(message),
      readers: documentsOf(message.readBy).map(({ userId }) => columnValue(codecs.reader, userId)),
    }))
    const counts: Document = {}
    for (const participant of documentsOf(chat.participants)) {
      const user = columnValue(codecs.userId, participant.userId)
      const isGone = columnValue(codecs.isActive, participant.isActive) === false
      if (typeof user !== 'string' || isGone) continue
      const key = publicId(user as EntityId)
      if (key in counts) continue
      const seq = columnValue(codecs.lastReadSeq, participant.lastReadSeq)
      const read =
        seq === null ? messages.findLastIndex(({ readers }) => readers.includes(user)) + 1 : Number(seq)
      const unread = messages.filter(
        ({ sender, isDeleted }, i) => i + 1 > read && !isDeleted && sender !== user,
      )
      counts[key] = new Int32(unread.length)
    }
    return counts
  },
  async fromRows(query, chat) {
    const counted = await query(unreadCountsSql, [chat])
    return Object.fromEntries(
      counted.map(({ user_id, unread }) => [publicId(user_id as EntityId), new Int32(Number(unread))]),
    )
  },
}

function isDeleted(message: Document): boolean {
  return columnValue(codecs.isDeleted, message.isDeleted) === true
}

/** The elements of an array of documents, or none: an array with anything else in it lies whole in `extra`. */
function documentsOf(value: unknown): Document[] {
  if (!Array.isArray(value)) return []
  const elements: unknown[] = value
  return elements.every(isDocument) ? elements : []
}

function isDocument(value: unknown): value is Document {
  return Object.prototype.toString.call(value) === '[object Object]' && !('_bsontype' in (value as object))
}

function lastMessageOf(content: unknown, senderId: unknown, timestamp: unknown): Document {
  return {
    ...(typeof content === 'string' ? { content } : {}),
    ...(typeof senderId === 'string'
      ? { senderId: ObjectId.createFromHexString(publicId(senderId as EntityId)) }
      : {}),
    ...(timestamp instanceof Date ? { timestamp: new Date(timestamp.getTime()) } : {}),
  }
}
