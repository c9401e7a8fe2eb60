export type { ShopSettings } from './model.ts'
export { createShopReadModel, type ShopReadModel, type ShopSummary } from './read-model.ts'
export { registerShopRoutes } from './routes.ts'
export { createShopService, type ShopService } from './service.ts'
