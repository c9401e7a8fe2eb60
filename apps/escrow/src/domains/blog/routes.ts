import { z } from 'zod'
import { answerOf, ok, type Page, type Paged } from '../../platform/answer.ts'
import { type AuthGuard, actorOf } from '../../platform/auth-guard.ts'
import type { HttpApp } from '../../platform/http.ts'
import { idSchema } from '../../platform/ids.ts'
import {
  adminListSchema,
  fewSchema,
  newPostSchema,
  postChangesSchema,
  publicListSchema,
  searchSchema,
} from './input.ts'
import type { BlogPost } from './model.ts'
import type { BlogService } from './service.ts'
import { postSummaryView, postView, postViewOf, summaryViewOf } from './views.ts'

const listView = z.object({
  posts: z.array(postSummaryView),
  total: z.number(),
  page: z.number(),
  limit: z.number(),
})
const fewView = z.array(postSummaryView)
const categoriesView = z.array(z.object({ category: z.string(), count: z.number() }))
const likeView = z.object({ liked: z.boolean(), likes: z.number() })

const byId = z.object({ id: idSchema })
const bySlug = z.object({ slug: z.string().min(1).max(300) })
const tags = ['blog']

export function registerBlogRoutes(app: HttpApp, service: BlogService, guard: AuthGuard): void {
  registerPublicRoutes(app, service)
  registerLikeRoutes(app, service, guard)
  registerAdminRoutes(app, service, guard)
}

function registerPublicRoutes(app: HttpApp, service: BlogService): void {
  app.get(
    '/api/blog/posts',
    { schema: { tags, querystring: publicListSchema, response: { 200: answerOf(listView) } } },
    async ({ query }) => ok(pageOf(await service.listPublished(filterOf(query), query), query)),
  )

  app.get(
    '/api/blog/posts/featured',
    { schema: { tags, querystring: fewSchema, response: { 200: answerOf(fewView) } } },
    async ({ query }) => ok((await service.featured(query.limit)).map(summaryViewOf)),
  )

  app.get(
    '/api/blog/posts/recent',
    { schema: { tags, querystring: fewSchema, response: { 200: answerOf(fewView) } } },
    async ({ query }) => ok((await service.recent(query.limit)).map(summaryViewOf)),
  )

  app.get(
    '/api/blog/posts/search',
    { schema: { tags, querystring: searchSchema, response: { 200: answerOf(listView) } } },
    async ({ query }) => ok(pageOf(await service.search(query.q, query), query)),
  )

  app.get(
    '/api/blog/categories',
    { schema: { tags, response: { 200: answerOf(categoriesView) } } },
    async () =>
      ok((await service.categories()).map(({ category, count }) => ({ category: category ?? '', count }))),
  )

  app.get(
    '/api/blog/posts/:slug',
    { schema: { tags, params: bySlug, response: { 200: answerOf(postView) } } },
    async ({ params }) => ok(postViewOf(await service.read(params.slug))),
  )
}

function registerLikeRoutes(app: HttpApp, service: BlogService, guard: AuthGuard): void {
  const options = {
    preHandler: guard.authenticate,
    schema: { tags, params: byId, response: { 200: answerOf(likeView) } },
  }
  app.post('/api/blog/posts/:id/like', options, async (request) =>
    ok(await service.like(actorOf(request).id, request.params.id)),
  )
  app.delete('/api/blog/posts/:id/like', options, async (request) =>
    ok(await service.unlike(actorOf(request).id, request.params.id)),
  )
}

function registerAdminRoutes(app: HttpApp, service: BlogService, guard: AuthGuard): void {
  const preHandler = guard.authorize('admin')
  const one = { tags, params: byId, response: { 200: answerOf(postView) } }

  app.get(
    '/api/blog/admin/posts',
    { preHandler, schema: { tags, querystring: adminListSchema, response: { 200: answerOf(listView) } } },
    async ({ query }) => ok(pageOf(await service.listAll(filterOf(query), query), query)),
  )

  app.get('/api/blog/admin/posts/:id', { preHandler, schema: one }, async ({ params }) =>
    ok(postViewOf(await service.get(params.id))),
  )

  app.post(
    '/api/blog/admin/posts',
    { preHandler, schema: { tags, body: newPostSchema, response: { 201: answerOf(postView) } } },
    async (request, reply) =>
      reply.status(201).send(ok(postViewOf(await service.create(actorOf(request).id, request.body)))),
  )

  app.put(
    '/api/blog/admin/posts/:id',
    { preHandler, schema: { ...one, body: postChangesSchema } },
    async ({ params, body }) => ok(postViewOf(await service.change(params.id, body))),
  )

  app.delete(
    '/api/blog/admin/posts/:id',
    { preHandler, schema: { tags, params: byId, response: { 200: answerOf(z.null()) } } },
    async ({ params }) => {
      await service.remove(params.id)
      return ok(null)
    },
  )
}

interface FilterQuery {
  status?: string | undefined
  category?: string | undefined
  tag?: string | undefined
  search?: string | undefined
}

function filterOf({ status, category, tag, search }: FilterQuery) {
  return { status, category, tag, search }
}

function pageOf({ items, total }: Paged<BlogPost>, { page, limit }: Page): z.input<typeof listView> {
  return { posts: items.map(summaryViewOf), total, page, limit }
}
