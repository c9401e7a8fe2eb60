import { withoutNulls } from '../../../migration/document-changes.ts'
import {
  lenientArray,
  lenientBaseUnits,
  lenientBoolean,
  lenientDate,
  lenientDocument,
  lenientDocuments,
  lenientId,
  lenientInteger,
  lenientReference,
  lenientText,
  objectIdOf,
} from '../../../migration/lenient.ts'
import { lenientJson } from '../../../migration/lenient-json.ts'
import { parseId, publicId } from '../../../platform/ids.ts'
import type { Chat, LastMessage, Message, NewChat, NewMessage } from '../model.ts'
import type { ChatDocument } from './model.mongo.ts'

/** The chat that a document tells, whatever lies in it. Its messages are not asked for. */
export function chatOf(document: ChatDocument): Chat {
  const relatedTo = lenientDocument(document.relatedTo)
  return {
    id: parseId(document._id.toHexString()),
    type: lenientText(document.type),
    name: lenientText(document.name),
    description: lenientText(document.description),
    directKey: lenientText(document.directKey),
    relatedType: lenientText(relatedTo.type),
    related: lenientReference(relatedTo.id),
    isArchived: lenientBoolean(lenientDocument(document.settings).isArchived),
    metadata: lenientJson(document.metadata ?? null),
    participants: lenientDocuments(document.participants).map((element) => ({
      userId: lenientId(element.userId),
      role: lenientText(element.role),
      joinedAt: lenientDate(element.joinedAt),
      leftAt: lenientDate(element.leftAt),
      lastSeen: lenientDate(element.lastSeen),
      isActive: lenientBoolean(element.isActive),
      lastReadSeq: lenientPlace(element.lastReadSeq),
    })),
    createdAt: lenientDate(document.createdAt),
    updatedAt: lenientDate(document.updatedAt),
  }
}

/** The message that an element of the array tells. */
export function messageOf(element: Record<string, unknown>): Message | null {
  const id = lenientId(element._id)
  if (id === null) return null
  return {
    id,
    senderId: lenientId(element.senderId),
    content: lenientText(element.content),
    type: lenientText(element.type),
    timestamp: lenientDate(element.timestamp),
    replyTo: lenientId(element.replyTo),
    isEdited: lenientBoolean(element.isEdited),
    editedAt: lenientDate(element.editedAt),
    isDeleted: lenientBoolean(element.isDeleted),
    deletedAt: lenientDate(element.deletedAt),
    attachments: lenientDocuments(element.attachments).map((one) => ({
      url: lenientText(one.url),
      name: lenientText(one.name),
      mime: lenientText(one.mime),
      size: lenientInteger(one.size),
    })),
    reactions: lenientDocuments(element.reactions).map((one) => ({
      emoji: lenientText(one.emoji),
      users: lenientIds(one.users),
    })),
    readBy: lenientDocuments(element.readBy).map((one) => ({
      userId: lenientId(one.userId),
      at: lenientDate(one.at),
    })),
    editHistory: lenientDocuments(element.editHistory).map((one) => ({
      content: lenientText(one.content),
      at: lenientDate(one.at),
    })),
  }
}

/** What a list shows of the last message. */
export function lastMessageOf(element: Record<string, unknown>): LastMessage {
  return {
    content: lenientText(element.content),
    senderId: lenientId(element.senderId),
    timestamp: lenientDate(element.timestamp),
  }
}

/** The document of a new chat, as the legacy system would have written it. */
export function documentOf(chat: NewChat): Record<string, unknown> {
  return withoutNulls({
    _id: objectIdOf(chat.id),
    type: chat.type,
    name: chat.name,
    description: chat.description,
    directKey: chat.directKey,
    participants: chat.participants.map(({ userId, role }) => ({
      userId: objectIdOf(userId),
      role,
      joinedAt: chat.at,
      isActive: true,
      lastReadSeq: 0,
    })),
    messages: [],
    unreadCounts: Object.fromEntries(chat.participants.map(({ userId }) => [publicId(userId), 0])),
    relatedTo:
      chat.relatedType === null || chat.related === null
        ? null
        : { type: chat.relatedType, id: objectIdOf(chat.related) },
    settings: { isArchived: false },
    metadata: chat.metadata,
    createdAt: chat.at,
    updatedAt: chat.at,
    __v: 0,
  })
}

/** The element of a new message, with the empty arrays that Mongoose would have given it. */
export function elementOf(message: NewMessage) {
  return withoutNulls({
    _id: objectIdOf(message.id),
    senderId: objectIdOf(message.senderId),
    content: message.content,
    type: message.type,
    timestamp: message.at,
    attachments: message.attachments.map((attachment) => withoutNulls({ ...attachment })),
    reactions: [],
    readBy: [],
    replyTo: message.replyTo === null ? null : objectIdOf(message.replyTo),
    isEdited: false,
    editHistory: [],
    isDeleted: false,
  })
}

/** What a bigint column takes. */
function lenientPlace(value: unknown): number | null {
  const digits = lenientBaseUnits(value)
  if (digits === null || BigInt.asIntN(64, BigInt(digits)) !== BigInt(digits)) return null
  return Number(digits)
}

/** The ids of an array that is a column of its own; none at all where something else lies among them. */
function lenientIds(value: unknown) {
  const elements = lenientArray(value).filter((element) => element !== null)
  const ids = elements.map(lenientId).filter((id) => id !== null)
  return ids.length === elements.length ? ids : []
}
