import { sql } from 'drizzle-orm'
import { bigint, boolean, index, pgTable, text, unique, uniqueIndex } from 'drizzle-orm/pg-core'
import { entityColumns, entityId, enumCheck, instant } from '../../platform/columns.ts'
import { users } from '../user/schema.ts'
import { origins } from './model.ts'

/** Crosses with people: sign-in writes both. */
export const telegramLinks = pgTable(
  'telegram_links',
  {
    ...entityColumns(),
    telegramUserId: bigint('telegram_user_id', { mode: 'bigint' }),
    userId: entityId('user_id').references(() => users.id),
    username: text('username'),
    firstName: text('first_name'),
    lastName: text('last_name'),
    isActive: boolean('is_active'),
    lastSeenAt: instant('last_seen_at'),
    origin: text('origin', { enum: origins }),
  },
  (table) => [
    enumCheck('telegram_links', 'origin', table.origin, origins),
    uniqueIndex('telegram_links_active_account_key').on(table.telegramUserId).where(sql`${table.isActive}`),
    uniqueIndex('telegram_links_active_user_key').on(table.userId).where(sql`${table.isActive}`),
    index('telegram_links_account_idx').on(table.telegramUserId),
    index('telegram_links_user_idx').on(table.userId),
  ],
)

/** A migration of references between units adds the one to people. */
export const telegramSessions = pgTable(
  'telegram_sessions',
  {
    ...entityColumns(),
    token: text('token'),
    telegramUserId: bigint('telegram_user_id', { mode: 'bigint' }),
    userId: entityId('user_id'),
    initDataFingerprint: text('init_data_fingerprint'),
    authDate: instant('auth_date'),
    source: text('source'),
    expiresAt: instant('expires_at'),
    isActive: boolean('is_active'),
  },
  (table) => [
    unique('telegram_sessions_token_key').on(table.token),
    index('telegram_sessions_account_idx').on(table.telegramUserId),
    index('telegram_sessions_user_idx').on(table.userId),
    index('telegram_sessions_expires_idx').on(table.expiresAt),
  ],
)

export const telegramUpdates = pgTable(
  'telegram_updates',
  {
    ...entityColumns(),
    updateId: bigint('update_id', { mode: 'bigint' }),
    receivedAt: instant('received_at'),
  },
  (table) => [
    unique('telegram_updates_update_id_key').on(table.updateId),
    index('telegram_updates_received_idx').on(table.receivedAt),
  ],
)
