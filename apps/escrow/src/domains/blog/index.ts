export type { BlogPost } from './model.ts'
export { registerBlogRoutes } from './routes.ts'
export { type BlogService, createBlogService } from './service.ts'
