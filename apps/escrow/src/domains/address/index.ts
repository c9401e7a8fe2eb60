export type { Address } from './model.ts'
export { registerAddressRoutes } from './routes.ts'
export { type AddressService, createAddressService } from './service.ts'
