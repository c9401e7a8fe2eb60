import { count, desc, eq, sql } from 'drizzle-orm'
import { bornAt } from '../../platform/columns.ts'
import type { Database } from '../../platform/database.ts'
import { keptText, withoutKept } from '../../platform/extra.ts'
import { violates } from '../../platform/postgres-error.ts'
import { settingTaken } from './errors.ts'
import type { ConfigSetting, ConfigSettingChange } from './model.ts'
import type { ConfigHistoryRepository, ConfigSettingRepository } from './repository.ts'
import { configSettings, configSettingHistory as history } from './schema.ts'

export function createConfigSettingRepository(db: Database): ConfigSettingRepository {
  return {
    async list() {
      return (await db.select().from(configSettings).orderBy(configSettings.id)).map(settingOf)
    },

    async lock(key) {
      const [row] = await db.select().from(configSettings).where(eq(configSettings.key, key)).for('update')
      return row === undefined ? null : settingOf(row)
    },

    async insert(setting) {
      const row = { ...bornAt(setting.id, setting.createdAt ?? new Date()), ...setting }
      await db.insert(configSettings).values(row).catch(refuseWrite)
    },

    async update({ id, ...changes }) {
      const cleared = Object.entries(changes).flatMap(([path, value]) => (value === null ? [path] : []))
      const extra = withoutKept(configSettings.extra, cleared)
      await db
        .update(configSettings)
        .set({ ...changes, extra })
        .where(eq(configSettings.id, id))
        .catch(refuseWrite)
    },
  }
}

export function createConfigHistoryRepository(db: Database): ConfigHistoryRepository {
  return {
    async insert(change) {
      await db.insert(history).values({ ...bornAt(change.id, change.createdAt ?? new Date()), ...change })
    },

    async listOf(key, { page, limit }) {
      const where = eq(history.key, key)
      const rows = await db
        .select()
        .from(history)
        .where(where)
        .orderBy(sql`${history.changedAt} desc nulls last`, desc(history.id))
        .limit(limit)
        .offset((page - 1) * limit)
      const [counted] = await db.select({ total: count() }).from(history).where(where)
      return { items: rows.map(changeOf), total: counted?.total ?? 0 }
    },
  }
}

function refuseWrite(error: unknown): never {
  if (violates(error, 'config_settings_key_key')) throw settingTaken(error)
  throw error
}

export function settingOf(row: typeof configSettings.$inferSelect): ConfigSetting {
  const text = (value: string | null, path: string) => value ?? keptText(row.extra, path)
  return {
    id: row.id,
    key: text(row.key, 'key'),
    value: row.value,
    type: text(row.type, 'type'),
    description: text(row.description, 'description'),
    updatedBy: row.updatedBy,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

export function changeOf(row: typeof history.$inferSelect): ConfigSettingChange {
  const text = (value: string | null, path: string) => value ?? keptText(row.extra, path)
  return {
    id: row.id,
    key: text(row.key, 'key'),
    oldValue: row.oldValue,
    newValue: row.newValue,
    changedBy: row.changedBy,
    reason: text(row.reason, 'reason'),
    changedAt: row.changedAt,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}
