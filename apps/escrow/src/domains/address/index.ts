export type { Address } from './model.ts'
export type { AddressRepository } from './repository.ts'
export { registerAddressRoutes } from './routes.ts'
export { type AddressService, createAddressService } from './service.ts'
