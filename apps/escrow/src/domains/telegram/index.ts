export { registerTelegramRoutes } from './routes.ts'
export { createTelegramService, type TelegramService } from './service.ts'
