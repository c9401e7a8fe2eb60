import { index, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { entityColumns, entityId, instant, jsonValue } from '../../platform/columns.ts'

export const configSettings = pgTable(
  'config_settings',
  {
    ...entityColumns(),
    key: text('key'),
    value: jsonValue('value'),
    type: text('type'),
    description: text('description'),
    updatedBy: entityId('updated_by'),
  },
  (table) => [unique('config_settings_key_key').on(table.key)],
)

/**
 * What a setting was before. Only ever added to: a migration of triggers refuses everything else. No foreign keys: a
 * history outlives its setting and the people who changed it.
 */
export const configSettingHistory = pgTable(
  'config_setting_history',
  {
    ...entityColumns(),
    key: text('key'),
    oldValue: jsonValue('old_value'),
    newValue: jsonValue('new_value'),
    changedBy: entityId('changed_by'),
    reason: text('reason'),
    changedAt: instant('changed_at'),
  },
  (table) => [
    index('config_setting_history_key_idx').on(
      table.key,
      table.changedAt.desc().nullsLast(),
      table.id.desc(),
    ),
  ],
)
