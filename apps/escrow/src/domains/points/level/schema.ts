import { sql } from 'drizzle-orm'
import { boolean, index, integer, pgTable, text, unique, uniqueIndex } from 'drizzle-orm/pg-core'
import { entityColumns, jsonValue } from '../../../platform/columns.ts'

/** A hand-written migration adds `level_configs_ranges_apart`: active ranges [minPoints, maxPoints) do not overlap. */
export const levelConfigs = pgTable(
  'level_configs',
  {
    ...entityColumns(),
    level: integer('level'),
    name: text('name'),
    nameEn: text('name_en'),
    minPoints: integer('min_points'),
    maxPoints: integer('max_points'),
    benefits: jsonValue('benefits'),
    icon: text('icon'),
    color: text('color'),
    order: integer('order'),
    isActive: boolean('is_active'),
  },
  (table) => [
    unique('level_configs_level_key').on(table.level),
    uniqueIndex('level_configs_active_min_points_key').on(table.minPoints).where(sql`${table.isActive}`),
    index('level_configs_order_idx').on(table.isActive, table.order),
  ],
)
