import type { EntityId } from '../../platform/ids.ts'
import type { Reference } from '../../platform/reference.ts'
import type { ChatType, MessageType, ParticipantRole, RelatedType } from './vocabulary.ts'

/** A word of a closed vocabulary, or whatever else an old document has in its place. */
export type Word<Known extends string> = Known | (string & {})

export interface Participant {
  userId: EntityId | null
  role: Word<ParticipantRole> | null
  joinedAt: Date | null
  leftAt: Date | null
  lastSeen: Date | null
  isActive: boolean | null
  /** Place of the last message that was read; null for old participants, whose read receipts tell. */
  lastReadSeq: number | null
}

/** A chat without its messages. Old ones may lack anything but the id; null is "not there". */
export interface Chat {
  id: EntityId
  type: Word<ChatType> | null
  name: string | null
  description: string | null
  directKey: string | null
  relatedType: Word<RelatedType> | null
  related: Reference | null
  isArchived: boolean | null
  metadata: unknown
  /** Those who left are among them, not active. */
  participants: Participant[]
  createdAt: Date | null
  updatedAt: Date | null
}

export interface LastMessage {
  content: string | null
  senderId: EntityId | null
  timestamp: Date | null
}

/** A chat as one of its participants sees it in a list. */
export interface ListedChat extends Chat {
  /** The last message that was not deleted. */
  lastMessage: LastMessage | null
  unread: number
}

export interface Attachment {
  url: string | null
  name: string | null
  mime: string | null
  size: number | null
}

/** Nobody is left in `users` where everyone took the reaction back. */
export interface Reaction {
  emoji: string | null
  users: EntityId[]
}

export interface ReadReceipt {
  userId: EntityId | null
  at: Date | null
}

export interface Edit {
  /** What the message said before. */
  content: string | null
  at: Date | null
}

export interface Message {
  id: EntityId
  senderId: EntityId | null
  content: string | null
  type: Word<MessageType> | null
  timestamp: Date | null
  /** May name a message that is gone. */
  replyTo: EntityId | null
  isEdited: boolean | null
  editedAt: Date | null
  isDeleted: boolean | null
  deletedAt: Date | null
  attachments: Attachment[]
  reactions: Reaction[]
  readBy: ReadReceipt[]
  editHistory: Edit[]
}

/** What a new chat is made of; it has no messages yet. */
export interface NewChat {
  id: EntityId
  type: ChatType
  name: string | null
  description: string | null
  directKey: string | null
  relatedType: RelatedType | null
  related: EntityId | null
  metadata: Record<string, unknown> | null
  participants: { userId: EntityId; role: ParticipantRole }[]
  at: Date
}

export interface NewMessage {
  id: EntityId
  senderId: EntityId
  content: string
  type: MessageType
  replyTo: EntityId | null
  attachments: Attachment[]
  at: Date
}

export interface ChatFilter {
  type?: ChatType
  archived?: boolean
}

/** Which chat of old data stands for one that has no key yet: of exactly these two, about exactly this. */
export interface UnkeyedChat {
  type: ChatType
  between: readonly [EntityId, EntityId]
  relatedType: RelatedType | null
  related: EntityId | null
}

/** Messages in the order in which they were sent. Without a cursor: the newest. */
export interface MessageWindow {
  limit: number
  before?: EntityId
  after?: EntityId
}

export interface MessagePage {
  messages: Message[]
  /** Whether there are more in the direction that was asked for. */
  hasMore: boolean
}

export interface UnreadInChat {
  chatId: EntityId
  unread: number
}

export function isPresent(participant: Participant): boolean {
  return participant.isActive !== false
}

/** Whether somebody takes part in the chat now. */
export function takesPart(chat: Chat, userId: EntityId): boolean {
  return participantOf(chat, userId) !== undefined
}

export function participantOf(chat: Chat, userId: EntityId): Participant | undefined {
  return chat.participants.find((one) => one.userId === userId && isPresent(one))
}
