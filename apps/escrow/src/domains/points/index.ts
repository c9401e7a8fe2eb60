export { createUserEffectHandlers } from './effects.ts'
export type { PointTransaction } from './model.ts'
export { registerPointsRoutes } from './routes.ts'
export { createPointsService, type PointsService } from './service.ts'
