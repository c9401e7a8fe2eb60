export { createNotificationEffectHandlers } from './effects.ts'
export { type NewNotification, NOTIFICATION_LIFE } from './model.ts'
export { registerNotificationRoutes } from './routes.ts'
export { createNotificationService, type NotificationService } from './service.ts'
