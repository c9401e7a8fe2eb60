export type { Chat, Message } from './model.ts'
export type { ChatMessageRepository, ChatRepository } from './repository.ts'
