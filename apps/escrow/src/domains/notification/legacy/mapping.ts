import { defineMapping } from 'landbridge/mapping'
import { hexId } from '../../../migration/hex-id.ts'
import { users } from '../../user/schema.ts'
import { notifications as table } from '../schema.ts'

/** `notifications`. People are named by the digits of their ids, as text. */
export const notifications = defineMapping({
  unit: 'notification',
  collection: 'notifications',
  table,
  fields: { userId: hexId(table.userId, { to: () => users, orphan: 'keep' }) },
})
