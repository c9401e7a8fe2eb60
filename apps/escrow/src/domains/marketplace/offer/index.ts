export type { SellerOffer } from './model.ts'
export type { OfferRepository } from './repository.ts'
