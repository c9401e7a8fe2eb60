export type { Chat, Message, UnreadInChat } from './model.ts'
export { type ChatReadModel, createChatReadModel } from './read-model.ts'
export { registerChatRoutes } from './routes.ts'
export { type ChatService, createChatService } from './service.ts'
