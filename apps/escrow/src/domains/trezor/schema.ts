import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { type Extra, entityColumns, entityId, enumCheck, instant } from '../../platform/columns.ts'

const origins = ['legacy', 'app'] as const

/** Trezor accounts: public keys only. */
export const trezorAccounts = pgTable(
  'trezor_accounts',
  {
    ...entityColumns(),
    userId: entityId('user_id'),
    xpub: text('xpub'),
    xpubFingerprint: text('xpub_fingerprint'),
    basePath: text('base_path'),
    registrationAddress: text('registration_address'),
    nextAddressIndex: integer('next_address_index'),
    deviceLabel: text('device_label'),
    isActive: boolean('is_active'),
    origin: text('origin', { enum: origins }),
  },
  (table) => [
    uniqueIndex('trezor_accounts_active_key').on(table.userId).where(sql`${table.isActive}`),
    index('trezor_accounts_user_idx').on(table.userId),
    index('trezor_accounts_xpub_idx').on(table.xpub),
    enumCheck('trezor_accounts', 'origin', table.origin, origins),
  ],
)

/** The addresses that an account gave out, in their order. */
export const trezorAddresses = pgTable(
  'trezor_addresses',
  {
    accountId: entityId('account_id')
      .notNull()
      .references(() => trezorAccounts.id),
    ordinal: integer('ordinal').notNull(),
    extra: jsonb('extra').$type<Extra>(),
    index: integer('address_index'),
    address: text('address'),
    path: text('path'),
    purpose: text('purpose'),
    paymentId: entityId('payment_id'),
    issuedAt: instant('issued_at'),
  },
  (table) => [
    primaryKey({ name: 'trezor_addresses_pkey', columns: [table.accountId, table.ordinal] }),
    uniqueIndex('trezor_addresses_index_key').on(table.accountId, table.index),
    uniqueIndex('trezor_addresses_address_key').on(sql`lower(${table.address})`),
    uniqueIndex('trezor_addresses_payment_key').on(table.paymentId),
  ],
)
