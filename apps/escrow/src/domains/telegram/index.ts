export type { TelegramLinkRepository } from './link.repository.ts'
export type { TelegramSessionRepository, TelegramUpdateRepository } from './repository.ts'
export { registerTelegramRoutes } from './routes.ts'
export { createTelegramService, type TelegramService } from './service.ts'
