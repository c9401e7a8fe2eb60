export { emailTaken } from './errors.ts'
export {
  isActive,
  type Points,
  roleOf,
  type StoredRefreshToken,
  type User,
  type UserChanges,
} from './model.ts'
export { createUserReadModel, type UserReadModel, type UserSummary } from './read-model.ts'
export { registerUserRoutes } from './routes.ts'
export { createUserService, type UserService } from './service.ts'
export { type UserView, userView, userViewOf } from './views.ts'
