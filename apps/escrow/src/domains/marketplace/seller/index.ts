export { createSellerDirectory, type SellerDirectory, type SellerEntry } from './directory.ts'
export { registerSellerRoutes } from './routes.ts'
