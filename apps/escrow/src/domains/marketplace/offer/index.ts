export type { SellerOffer } from './model.ts'
export { registerOfferRoutes } from './routes.ts'
export { createOfferService, type OfferService } from './service.ts'
export { isStanding } from './states.ts'
