import type { Page } from '../../platform/answer.ts'
import type { EntityId } from '../../platform/ids.ts'
import type {
  Chat,
  ChatFilter,
  ListedChat,
  Message,
  MessagePage,
  MessageWindow,
  NewChat,
  NewMessage,
  UnkeyedChat,
  UnreadInChat,
} from './model.ts'
import type { ParticipantRole, RelatedType } from './vocabulary.ts'

/** Chats and who takes part in them, in one store. No method reads a chat's messages to the client. */
export interface ChatRepository {
  /** Reads only. */
  find(id: EntityId): Promise<Chat | null>
  /** The same, held until the transaction ends: nobody else writes into this chat meanwhile. */
  findForUpdate(id: EntityId): Promise<Chat | null>
  /** Reads only. */
  findByKey(directKey: string): Promise<Chat | null>
  /** A chat of old data that has no key: the one with the lowest id. Reads only. */
  findUnkeyed(wanted: UnkeyedChat): Promise<Chat | null>
  /** All chats about these entities, in the order of ids. Reads only. */
  listAbout(relatedType: RelatedType, ids: EntityId[]): Promise<Chat[]>
  /** Chats in which somebody takes part now: last changed first, the id breaks ties. Reads only. */
  listOf(userId: EntityId, filter: ChatFilter, page: Page): Promise<ListedChat[]>
  countOf(userId: EntityId, filter: ChatFilter): Promise<number>
  /** Where something is unread, in the order of ids. Reads only. */
  unreadByChat(userId: EntityId): Promise<UnreadInChat[]>
  unreadTotal(userId: EntityId): Promise<number>
  /** Raises CHAT_EXISTS where another chat has the key. */
  insert(chat: NewChat): Promise<void>
  /** Gives an old chat its key. Raises CHAT_EXISTS. */
  setKey(id: EntityId, directKey: string): Promise<void>
  setArchived(id: EntityId, isArchived: boolean, at: Date): Promise<void>
  /** Somebody joins, or comes back; what was said before counts as read. */
  join(id: EntityId, participant: { userId: EntityId; role: ParticipantRole }, at: Date): Promise<void>
  /** Somebody goes; what they wrote stays. */
  leave(id: EntityId, userId: EntityId, at: Date): Promise<void>
  setRole(id: EntityId, userId: EntityId, role: ParticipantRole): Promise<void>
}

/**
 * The messages of chats in one store. Writers hold the chat (`findForUpdate`): so places are given one after the other.
 */
export interface ChatMessageRepository {
  /** One page in the order of sending; nothing for a cursor that is not in the chat. Reads only. */
  page(chatId: EntityId, window: MessageWindow): Promise<MessagePage>
  /** Reads only. */
  find(chatId: EntityId, messageId: EntityId): Promise<Message | null>
  /** Puts a message behind all others. */
  append(chatId: EntityId, message: NewMessage): Promise<void>
  /** Replaces what a message says; `before` goes to its history. */
  edit(
    chatId: EntityId,
    messageId: EntityId,
    change: { content: string; before: string | null; at: Date },
  ): Promise<void>
  /** The message stays, marked as deleted. */
  markDeleted(chatId: EntityId, messageId: EntityId, at: Date): Promise<void>
  /** Does nothing where this person has reacted so before. */
  react(chatId: EntityId, messageId: EntityId, reaction: { userId: EntityId; emoji: string }): Promise<void>
  unreact(chatId: EntityId, messageId: EntityId, reaction: { userId: EntityId; emoji: string }): Promise<void>
  /**
   * Somebody has read everything up to a message, or up to the last one; never moves back. The newest of the messages
   * that this passes get a receipt, at most `receiptLimit`.
   */
  markRead(chatId: EntityId, userId: EntityId, upTo: EntityId | null, at: Date): Promise<void>
}

/** More receipts at once would make one call's cost grow with the chat. */
export const receiptLimit = 100
