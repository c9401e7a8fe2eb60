export type { TempVerificationRepository } from './repository.ts'
export { registerAuthRoutes } from './routes.ts'
export { type AuthService, createAuthService } from './service.ts'
