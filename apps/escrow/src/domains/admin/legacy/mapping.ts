import { defineMapping, objectId } from 'landbridge/mapping'
import { users } from '../../user/schema.ts'
import { configSettingHistory as historyTable, configSettings as table } from '../schema.ts'

/** `configsettings`. Values are whatever JSON shows; what it cannot show stays in `extra`. */
export const configSettings = defineMapping({
  unit: 'config',
  collection: 'configsettings',
  table,
  fields: { updatedBy: objectId(table.updatedBy, { to: () => users, orphan: 'keep' }) },
  uniques: { config_settings_key_key: { paths: ['key'], outcome: 'extra' } },
})

/** `configsettinghistories`: changes are inserted and compared, never changed. They name nobody who must exist. */
export const configSettingHistory = defineMapping({
  unit: 'config',
  collection: 'configsettinghistories',
  table: historyTable,
  appendOnly: true,
})
