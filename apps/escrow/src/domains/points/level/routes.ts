import { z } from 'zod'
import { answerOf, ok } from '../../../platform/answer.ts'
import type { AuthGuard } from '../../../platform/auth-guard.ts'
import type { HttpApp } from '../../../platform/http.ts'
import { idSchema, publicId } from '../../../platform/ids.ts'
import {
  benefitsOf,
  defaultColor,
  defaultIcon,
  type LevelConfig,
  levelChangesSchema,
  newLevelSchema,
} from './model.ts'
import type { LevelService } from './service.ts'

const levelView = z.object({
  id: z.string(),
  level: z.number().nullable(),
  name: z.string().nullable(),
  nameEn: z.string().nullable(),
  minPoints: z.number(),
  maxPoints: z.number().nullable(),
  benefits: z.object({
    discountPercent: z.number(),
    freeShipping: z.boolean(),
    prioritySupport: z.boolean(),
    specialOffers: z.boolean(),
  }),
  icon: z.string(),
  color: z.string(),
  order: z.number().nullable(),
  isActive: z.boolean(),
})

const byId = z.object({ id: idSchema })

export function registerLevelRoutes(app: HttpApp, service: LevelService, guard: AuthGuard): void {
  const tags = ['points']
  const admin = { preHandler: guard.authorize('admin') }

  app.get(
    '/api/points/levels',
    { preHandler: guard.authenticate, schema: { tags, response: { 200: answerOf(z.array(levelView)) } } },
    async () => ok((await service.list({ activeOnly: true })).map(viewOf)),
  )

  app.get(
    '/api/points/admin/levels',
    { ...admin, schema: { tags, response: { 200: answerOf(z.array(levelView)) } } },
    async () => ok((await service.list({ activeOnly: false })).map(viewOf)),
  )

  app.post(
    '/api/points/admin/levels',
    { ...admin, schema: { tags, body: newLevelSchema, response: { 201: answerOf(levelView) } } },
    async ({ body }, reply) => reply.status(201).send(ok(viewOf(await service.create(body)))),
  )

  app.patch(
    '/api/points/admin/levels/:id',
    {
      ...admin,
      schema: { tags, params: byId, body: levelChangesSchema, response: { 200: answerOf(levelView) } },
    },
    async ({ params, body }) => ok(viewOf(await service.change(params.id, body))),
  )

  app.delete(
    '/api/points/admin/levels/:id',
    { ...admin, schema: { tags, params: byId, response: { 200: answerOf(z.null()) } } },
    async ({ params }) => {
      await service.remove(params.id)
      return ok(null)
    },
  )
}

function viewOf(level: LevelConfig): z.input<typeof levelView> {
  return {
    id: publicId(level.id),
    level: level.level,
    name: level.name,
    nameEn: level.nameEn,
    minPoints: level.minPoints ?? 0,
    maxPoints: level.maxPoints,
    benefits: benefitsOf(level),
    icon: level.icon ?? defaultIcon,
    color: level.color ?? defaultColor,
    order: level.order,
    isActive: level.isActive ?? true,
  }
}
