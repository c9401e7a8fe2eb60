import { z } from 'zod'
import { type EntityId, publicId } from '../../platform/ids.ts'
import { referenceText } from '../../platform/reference.ts'
import type { UserSummary } from '../user/index.ts'
import type { Chat, LastMessage, Message } from './model.ts'

const text = z.string().nullable()
const time = z.iso.datetime().nullable()

const personView = z.object({ firstName: text, lastName: text, avatar: text })

export const chatView = z.object({
  id: z.string(),
  type: text,
  name: text,
  description: text,
  relatedTo: z.object({ type: text, id: text }).nullable(),
  isArchived: z.boolean(),
  metadata: z.unknown(),
  participants: z.array(
    personView.extend({
      userId: z.string(),
      role: z.string(),
      joinedAt: time,
      leftAt: time,
      lastSeen: time,
      isActive: z.boolean(),
    }),
  ),
  createdAt: time,
  updatedAt: time,
})

const lastMessageView = z.object({ content: text, senderId: text, timestamp: time })

export const listedChatView = chatView.extend({
  lastMessage: lastMessageView.nullable(),
  unreadCount: z.number(),
})

export const messageView = z.object({
  id: z.string(),
  senderId: text,
  sender: personView.nullable(),
  content: text,
  type: z.string(),
  timestamp: time,
  replyTo: text,
  attachments: z.array(z.object({ url: text, name: text, mime: text, size: z.number().nullable() })),
  reactions: z.array(z.object({ emoji: z.string(), users: z.array(z.string()) })),
  readBy: z.array(z.object({ userId: z.string(), at: time })),
  isEdited: z.boolean(),
  editedAt: time,
  editHistory: z.array(z.object({ content: text, at: time })),
  isDeleted: z.boolean(),
  deletedAt: time,
})

export type People = Map<EntityId, UserSummary>

/** Participants whose id an old document does not tell are nobody. */
export function chatViewOf(chat: Chat, people: People): z.output<typeof chatView> {
  const isAbout = chat.relatedType !== null || chat.related !== null
  return {
    id: publicId(chat.id),
    type: chat.type,
    name: chat.name,
    description: chat.description,
    relatedTo: isAbout
      ? { type: chat.relatedType, id: chat.related === null ? null : referenceText(chat.related) }
      : null,
    isArchived: chat.isArchived ?? false,
    metadata: chat.metadata,
    participants: chat.participants.flatMap(({ userId, ...participant }) =>
      userId === null
        ? []
        : [
            {
              userId: publicId(userId),
              ...personOf(people.get(userId)),
              role: participant.role ?? 'member',
              joinedAt: timeOf(participant.joinedAt),
              leftAt: timeOf(participant.leftAt),
              lastSeen: timeOf(participant.lastSeen),
              isActive: participant.isActive ?? true,
            },
          ],
    ),
    createdAt: timeOf(chat.createdAt),
    updatedAt: timeOf(chat.updatedAt),
  }
}

export function lastMessageViewOf(last: LastMessage): z.output<typeof lastMessageView> {
  return { content: last.content, senderId: idOf(last.senderId), timestamp: timeOf(last.timestamp) }
}

/** What a deleted message said, and what one said before it was edited, is shown to staff alone. */
export function messageViewOf(
  message: Message,
  people: People,
  { withHidden }: { withHidden: boolean },
): z.output<typeof messageView> {
  const isHidden = message.isDeleted === true && !withHidden
  return {
    id: publicId(message.id),
    senderId: idOf(message.senderId),
    sender: message.senderId === null ? null : personOf(people.get(message.senderId)),
    content: isHidden ? null : message.content,
    type: message.type ?? 'text',
    timestamp: timeOf(message.timestamp),
    replyTo: idOf(message.replyTo),
    attachments: isHidden ? [] : message.attachments,
    reactions: message.reactions.flatMap(({ emoji, users }) =>
      emoji === null || users.length === 0 ? [] : [{ emoji, users: users.map(publicId) }],
    ),
    readBy: message.readBy.flatMap(({ userId, at }) =>
      userId === null ? [] : [{ userId: publicId(userId), at: timeOf(at) }],
    ),
    isEdited: message.isEdited ?? false,
    editedAt: timeOf(message.editedAt),
    editHistory: withHidden
      ? message.editHistory.map(({ content, at }) => ({ content, at: timeOf(at) }))
      : [],
    isDeleted: message.isDeleted ?? false,
    deletedAt: timeOf(message.deletedAt),
  }
}

function personOf(person: UserSummary | undefined): z.output<typeof personView> {
  return {
    firstName: person?.firstName ?? null,
    lastName: person?.lastName ?? null,
    avatar: person?.avatar ?? null,
  }
}

function idOf(id: EntityId | null): string | null {
  return id === null ? null : publicId(id)
}

function timeOf(at: Date | null): string | null {
  return at === null ? null : at.toISOString()
}
