export type { RequestTemplate } from './model.ts'
export { createTemplateReadModel, type TemplateReadModel } from './read-model.ts'
export { registerTemplateRoutes } from './routes.ts'
export { createTemplateService, type TemplateService } from './service.ts'
