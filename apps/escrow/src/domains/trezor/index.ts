export type { TrezorAccount } from './model.ts'
export { registerTrezorRoutes } from './routes.ts'
export { createTrezorService, type TrezorService } from './service.ts'
