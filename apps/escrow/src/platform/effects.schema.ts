import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { entityColumns, entityId, enumCheck, instant } from './columns.ts'

const outcomes = ['done', 'refused'] as const

function outboxTable<Name extends string>(name: Name) {
  return pgTable(
    name,
    {
      ...entityColumns(),
      type: text('type').notNull(),
      key: text('key').notNull(),
      payload: jsonb('payload').$type<Record<string, unknown>>().notNull(),
      at: instant('at').notNull(),
      deliveredAt: instant('delivered_at'),
      attempts: integer('attempts').notNull(),
      notBefore: instant('not_before'),
      lastError: text('last_error'),
    },
    (table) => [
      unique(`${name}_type_key`).on(table.type, table.key),
      index(`${name}_pending`).on(table.at, table.id).where(sql`delivered_at is null`),
    ],
  )
}

function inboxTable<Name extends string>(name: Name) {
  return pgTable(
    name,
    {
      ...entityColumns(),
      effectId: entityId('effect_id').notNull(),
      type: text('type').notNull(),
      outcome: text('outcome', { enum: outcomes }).notNull(),
      reason: text('reason'),
      at: instant('at').notNull(),
    },
    (table) => [
      unique(`${name}_effect`).on(table.effectId),
      enumCheck(name, 'outcome', table.outcome, outcomes),
    ],
  )
}

export type OutboxTable = ReturnType<typeof outboxTable<string>>
export type InboxTable = ReturnType<typeof inboxTable<string>>

export const categoryEffectOutbox = outboxTable('category_effect_outbox')
export const categoryEffectInbox = inboxTable('category_effect_inbox')
export const shopEffectOutbox = outboxTable('shop_effect_outbox')
export const shopEffectInbox = inboxTable('shop_effect_inbox')
export const levelEffectOutbox = outboxTable('level_effect_outbox')
export const levelEffectInbox = inboxTable('level_effect_inbox')
export const configEffectOutbox = outboxTable('config_effect_outbox')
export const configEffectInbox = inboxTable('config_effect_inbox')
export const userEffectOutbox = outboxTable('user_effect_outbox')
export const userEffectInbox = inboxTable('user_effect_inbox')
export const requestEffectOutbox = outboxTable('request_effect_outbox')
export const requestEffectInbox = inboxTable('request_effect_inbox')
export const paymentEffectOutbox = outboxTable('payment_effect_outbox')
export const paymentEffectInbox = inboxTable('payment_effect_inbox')
export const addressEffectOutbox = outboxTable('address_effect_outbox')
export const addressEffectInbox = inboxTable('address_effect_inbox')
export const reviewEffectOutbox = outboxTable('review_effect_outbox')
export const reviewEffectInbox = inboxTable('review_effect_inbox')
export const blogEffectOutbox = outboxTable('blog_effect_outbox')
export const blogEffectInbox = inboxTable('blog_effect_inbox')
export const disputeEffectOutbox = outboxTable('dispute_effect_outbox')
export const disputeEffectInbox = inboxTable('dispute_effect_inbox')
export const notificationEffectOutbox = outboxTable('notification_effect_outbox')
export const notificationEffectInbox = inboxTable('notification_effect_inbox')
export const trezorEffectOutbox = outboxTable('trezor_effect_outbox')
export const trezorEffectInbox = inboxTable('trezor_effect_inbox')
export const chatEffectOutbox = outboxTable('chat_effect_outbox')
export const chatEffectInbox = inboxTable('chat_effect_inbox')
export const telegramEffectOutbox = outboxTable('telegram_effect_outbox')
export const telegramEffectInbox = inboxTable('telegram_effect_inbox')
