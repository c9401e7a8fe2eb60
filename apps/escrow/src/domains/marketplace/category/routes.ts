import { z } from 'zod'
import { answerOf, ok } from '../../../platform/answer.ts'
import type { AuthGuard } from '../../../platform/auth-guard.ts'
import type { HttpApp } from '../../../platform/http.ts'
import { idSchema, publicId } from '../../../platform/ids.ts'
import { type Category, type CategoryNode, categoryChangesSchema, newCategorySchema } from './model.ts'
import type { CategoryService } from './service.ts'

const categoryView = z.object({
  id: z.string(),
  name: z.string().nullable(),
  nameEn: z.string().nullable(),
  description: z.string().nullable(),
  icon: z.string().nullable(),
  isActive: z.boolean(),
  parentId: z.string().nullable(),
  order: z.number(),
})

const treeView = categoryView.extend({
  get children() {
    return z.array(treeView)
  },
})

const byId = z.object({ id: idSchema })

export function registerCategoryRoutes(app: HttpApp, service: CategoryService, guard: AuthGuard): void {
  const tags = ['marketplace']
  const admin = { preHandler: guard.authorize('admin') }

  app.get(
    '/api/marketplace/categories',
    { schema: { tags, response: { 200: answerOf(z.array(categoryView)) } } },
    async () => ok((await service.listActive()).map(viewOf)),
  )

  app.get(
    '/api/marketplace/categories/tree',
    { schema: { tags, response: { 200: answerOf(z.array(treeView)) } } },
    async () => ok((await service.activeTree()).map(treeViewOf)),
  )

  app.get(
    '/api/marketplace/categories/:id',
    { schema: { tags, params: byId, response: { 200: answerOf(categoryView) } } },
    async ({ params }) => ok(viewOf(await service.get(params.id))),
  )

  app.post(
    '/api/marketplace/categories',
    { ...admin, schema: { tags, body: newCategorySchema, response: { 201: answerOf(categoryView) } } },
    async ({ body }, reply) => reply.status(201).send(ok(viewOf(await service.create(body)))),
  )

  app.put(
    '/api/marketplace/categories/:id',
    {
      ...admin,
      schema: { tags, params: byId, body: categoryChangesSchema, response: { 200: answerOf(categoryView) } },
    },
    async ({ params, body }) => ok(viewOf(await service.change(params.id, body))),
  )

  app.delete(
    '/api/marketplace/categories/:id',
    { ...admin, schema: { tags, params: byId, response: { 200: answerOf(z.null()) } } },
    async ({ params }) => {
      await service.remove(params.id)
      return ok(null)
    },
  )
}

function viewOf(category: Category): z.input<typeof categoryView> {
  return {
    id: publicId(category.id),
    name: category.name,
    nameEn: category.nameEn,
    description: category.description,
    icon: category.icon,
    isActive: category.isActive ?? true,
    parentId: category.parentId === null ? null : publicId(category.parentId),
    order: category.order ?? 0,
  }
}

function treeViewOf(node: CategoryNode): z.input<typeof treeView> {
  return { ...viewOf(node), children: node.children.map(treeViewOf) }
}
