export type { Category } from './model.ts'
export { type CategoryName, type CategoryReadModel, createCategoryReadModel } from './read-model.ts'
export { registerCategoryRoutes } from './routes.ts'
export { type CategoryService, createCategoryService } from './service.ts'
