import { defineMapping, objectId } from 'landbridge/mapping'
import { users } from '../../user/schema.ts'
import {
  telegramLinks as linkTable,
  telegramSessions as sessionTable,
  telegramUpdates as updateTable,
} from '../schema.ts'
import { longId } from './long-id.ts'

const toUser = { to: () => users, orphan: 'keep' } as const

/** `telegramlinks`, of the unit `user`. Of two active links, the one with the lowest id keeps the column. */
export const telegramLinks = defineMapping({
  unit: 'user',
  collection: 'telegramlinks',
  table: linkTable,
  fields: {
    telegramUserId: longId(linkTable.telegramUserId),
    userId: objectId(linkTable.userId, toUser),
  },
  uniques: {
    telegram_links_active_account_key: { paths: ['telegramUserId'], outcome: 'extra' },
    telegram_links_active_user_key: { paths: ['userId'], outcome: 'extra' },
  },
})

/** `telegramsessions`. Their time to live ends with the authority that expires rows. */
export const telegramSessions = defineMapping({
  unit: 'telegram',
  collection: 'telegramsessions',
  table: sessionTable,
  fields: {
    telegramUserId: longId(sessionTable.telegramUserId),
    userId: objectId(sessionTable.userId, toUser),
  },
  uniques: { telegram_sessions_token_key: { paths: ['token'], outcome: 'extra' } },
})

/** `lb_telegram_updates`, which no legacy system had: what the bot received before must not come twice after a switch. */
export const telegramUpdates = defineMapping({
  unit: 'telegram',
  collection: 'lb_telegram_updates',
  table: updateTable,
  fields: { updateId: longId(updateTable.updateId) },
  uniques: { telegram_updates_update_id_key: { paths: ['updateId'], outcome: 'extra' } },
})
