import { eq } from 'drizzle-orm'
import { bornAt } from '../../../platform/columns.ts'
import type { Database } from '../../../platform/database.ts'
import { keptInteger, keptText, withoutKept } from '../../../platform/extra.ts'
import { violates } from '../../../platform/postgres-error.ts'
import { levelRangeOverlaps, levelTaken } from './errors.ts'
import { type LevelConfig, storedBenefits } from './model.ts'
import type { LevelRepository } from './repository.ts'
import { levelConfigs } from './schema.ts'

export function createLevelRepository(db: Database): LevelRepository {
  return {
    async list({ activeOnly }) {
      const rows = await db
        .select()
        .from(levelConfigs)
        .where(activeOnly ? eq(levelConfigs.isActive, true) : undefined)
        .orderBy(levelConfigs.id)
      return rows.map(levelOf)
    },

    async find(id) {
      const [row] = await db.select().from(levelConfigs).where(eq(levelConfigs.id, id))
      return row === undefined ? null : levelOf(row)
    },

    async insert(level) {
      const row = { ...bornAt(level.id, level.createdAt ?? new Date()), ...level }
      await db.insert(levelConfigs).values(row).catch(refuseWrite)
    },

    async update({ id, ...changes }) {
      const cleared = Object.entries(changes).flatMap(([path, value]) => (value === null ? [path] : []))
      const extra = withoutKept(levelConfigs.extra, cleared)
      await db
        .update(levelConfigs)
        .set({ ...changes, extra })
        .where(eq(levelConfigs.id, id))
        .catch(refuseWrite)
    },

    async remove(id) {
      await db.delete(levelConfigs).where(eq(levelConfigs.id, id))
    },
  }
}

function refuseWrite(error: unknown): never {
  if (violates(error, 'level_configs_level_key')) throw levelTaken(error)
  if (
    violates(error, 'level_configs_active_min_points_key') ||
    violates(error, 'level_configs_ranges_apart')
  ) {
    throw levelRangeOverlaps(error)
  }
  throw error
}

/** An old level whose number or range another one has keeps its own in `extra`: it shows them all the same. */
export function levelOf(row: typeof levelConfigs.$inferSelect): LevelConfig {
  const text = (value: string | null, path: string) => value ?? keptText(row.extra, path)
  return {
    id: row.id,
    level: row.level ?? keptInteger(row.extra, 'level'),
    name: text(row.name, 'name'),
    nameEn: text(row.nameEn, 'nameEn'),
    minPoints: row.minPoints ?? keptInteger(row.extra, 'minPoints'),
    maxPoints: row.maxPoints,
    benefits: storedBenefits(row.benefits),
    icon: text(row.icon, 'icon'),
    color: text(row.color, 'color'),
    order: row.order,
    isActive: row.isActive,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}
