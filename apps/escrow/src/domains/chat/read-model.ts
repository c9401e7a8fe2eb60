import type { EntityId } from '../../platform/ids.ts'
import type { Units } from '../../units.ts'
import type { Chat, UnreadInChat } from './model.ts'

/** What other domains may know of chats. */
export interface ChatReadModel {
  /** The chats about each of these requests; requests without one are missing from the answer. */
  chatsOfRequests(requestIds: EntityId[]): Promise<Map<EntityId, Chat[]>>
  unreadByChat(userId: EntityId): Promise<UnreadInChat[]>
  unreadTotal(userId: EntityId): Promise<number>
}

export function createChatReadModel(units: Pick<Units, 'chat'>): ChatReadModel {
  const { chats } = units.chat.read
  return {
    async chatsOfRequests(requestIds) {
      const found = await chats.listAbout('PurchaseRequest', [...new Set(requestIds)])
      const byRequest = new Map<EntityId, Chat[]>()
      for (const chat of found) {
        if (chat.related?.kind !== 'entity') continue
        byRequest.set(chat.related.id, [...(byRequest.get(chat.related.id) ?? []), chat])
      }
      return byRequest
    },
    unreadByChat: (userId) => chats.unreadByChat(userId),
    unreadTotal: (userId) => chats.unreadTotal(userId),
  }
}
