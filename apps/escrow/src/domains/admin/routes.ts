import { z } from 'zod'
import { answerOf, ok, type Page, type Paged } from '../../platform/answer.ts'
import { type AuthGuard, actorOf } from '../../platform/auth-guard.ts'
import type { HttpApp } from '../../platform/http.ts'
import { publicId } from '../../platform/ids.ts'
import {
  type ConfigSetting,
  type ConfigSettingChange,
  historyFilterSchema,
  keySchema,
  settingChangeSchema,
  thresholdChangesSchema,
} from './model.ts'
import type { SettingsService } from './settings-service.ts'

const settingView = z.object({
  id: z.string(),
  key: z.string().nullable(),
  value: z.unknown(),
  type: z.string().nullable(),
  description: z.string().nullable(),
  updatedBy: z.string().nullable(),
  updatedAt: z.string().nullable(),
})

const changeView = z.object({
  key: z.string().nullable(),
  oldValue: z.unknown(),
  newValue: z.unknown(),
  changedBy: z.string().nullable(),
  reason: z.string().nullable(),
  changedAt: z.string().nullable(),
})

const historyView = z.object({
  history: z.array(changeView),
  total: z.number(),
  page: z.number(),
  limit: z.number(),
})

const thresholdsView = z.array(
  z.object({ chain: z.string(), name: z.string(), floor: z.number(), confirmations: z.number() }),
)

const byKey = z.object({ key: keySchema })

/** The settings that administrators change while the service runs. */
export function registerSettingsRoutes(app: HttpApp, service: SettingsService, guard: AuthGuard): void {
  const tags = ['admin']
  const admin = { preHandler: guard.authorize('admin') }
  const base = '/api/admin/settings'

  app.get(
    `${base}/confirmation-thresholds`,
    { ...admin, schema: { tags, response: { 200: answerOf(thresholdsView) } } },
    async () => ok(await service.confirmationThresholds()),
  )

  app.patch(
    `${base}/confirmation-thresholds`,
    { ...admin, schema: { tags, body: thresholdChangesSchema, response: { 200: answerOf(thresholdsView) } } },
    async (request) => ok(await service.changeConfirmationThresholds(request.body, actorOf(request))),
  )

  app.get(base, { ...admin, schema: { tags, response: { 200: answerOf(z.array(settingView)) } } }, async () =>
    ok((await service.list()).map(viewOf)),
  )

  app.patch(
    `${base}/:key`,
    {
      ...admin,
      schema: { tags, params: byKey, body: settingChangeSchema, response: { 200: answerOf(settingView) } },
    },
    async (request) => ok(viewOf(await service.change(request.params.key, request.body, actorOf(request)))),
  )

  app.get(
    `${base}/:key/history`,
    {
      ...admin,
      schema: {
        tags,
        params: byKey,
        querystring: historyFilterSchema,
        response: { 200: answerOf(historyView) },
      },
    },
    async ({ params, query }) => ok(historyOf(await service.history(params.key, query), query)),
  )
}

function historyOf(
  { items, total }: Paged<ConfigSettingChange>,
  { page, limit }: Page,
): z.input<typeof historyView> {
  return { history: items.map(changeViewOf), total, page, limit }
}

function viewOf(setting: ConfigSetting): z.input<typeof settingView> {
  return {
    id: publicId(setting.id),
    key: setting.key,
    value: setting.value,
    type: setting.type,
    description: setting.description,
    updatedBy: setting.updatedBy && publicId(setting.updatedBy),
    updatedAt: setting.updatedAt?.toISOString() ?? null,
  }
}

function changeViewOf(change: ConfigSettingChange): z.input<typeof changeView> {
  return {
    key: change.key,
    oldValue: change.oldValue,
    newValue: change.newValue,
    changedBy: change.changedBy && publicId(change.changedBy),
    reason: change.reason,
    changedAt: change.changedAt?.toISOString() ?? null,
  }
}
