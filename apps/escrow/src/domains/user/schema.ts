import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { type Extra, entityColumns, entityId, enumCheck, instant, jsonValue } from '../../platform/columns.ts'
import { roles } from '../../platform/roles.ts'
import { authProviders, userStatuses } from './model.ts'

export const users = pgTable(
  'users',
  {
    ...entityColumns(),
    email: text('email'),
    password: text('password'),
    firstName: text('first_name'),
    lastName: text('last_name'),
    role: text('role', { enum: roles }),
    isEmailVerified: boolean('is_email_verified'),
    authProvider: text('auth_provider', { enum: authProviders }),
    telegramVerified: boolean('telegram_verified'),
    status: text('status', { enum: userStatuses }),
    referralCode: text('referral_code'),
    referredBy: entityId('referred_by').references((): AnyPgColumn => users.id),
    pointsTotal: integer('points_total'),
    pointsAvailable: integer('points_available'),
    pointsUsed: integer('points_used'),
    pointsLevel: integer('points_level'),
    totalReferrals: integer('total_referrals'),
    activeReferrals: integer('active_referrals'),
    referralEarned: integer('referral_earned'),
    avatar: text('avatar'),
    phone: text('phone'),
    bio: text('bio'),
    website: text('website'),
    isPublic: boolean('is_public'),
    walletProofVerified: boolean('wallet_proof_verified'),
    walletProofTimestamp: instant('wallet_proof_timestamp'),
    preferences: jsonValue('preferences').$type<Record<string, unknown>>(),
    walletAddress: text('wallet_address'),
    walletChainId: integer('wallet_chain_id'),
    emailVerificationToken: text('email_verification_token'),
    emailVerificationCode: text('email_verification_code'),
    emailVerificationCodeExpires: instant('email_verification_code_expires'),
    passwordResetToken: text('password_reset_token'),
    passwordResetExpires: instant('password_reset_expires'),
    passwordResetCode: text('password_reset_code'),
    passwordResetCodeExpires: instant('password_reset_code_expires'),
    lastLoginAt: instant('last_login_at'),
    failedLogins: integer('failed_logins'),
  },
  (table) => [
    uniqueIndex('users_email_key').on(sql`lower(${table.email})`).where(sql`${table.email} is not null`),
    // An address that lost its column to a twin is still looked up.
    index('users_kept_email_idx')
      .on(sql`(${table.extra} #>> '{email,value}')`)
      .where(sql`${table.email} is null and ${table.extra} is not null`),
    index('users_kept_tokens_idx')
      .using('gin', sql`(${table.extra} #> '{refreshTokens,value}')`)
      .where(sql`${table.extra} is not null`),
    uniqueIndex('users_referral_code_key')
      .on(table.referralCode)
      .where(sql`${table.referralCode} is not null`),
    index('users_referred_by_idx').on(table.referredBy),
    index('users_role_idx').on(table.role),
    enumCheck('users', 'role', table.role, roles),
    enumCheck('users', 'status', table.status, userStatuses),
    enumCheck('users', 'auth_provider', table.authProvider, authProviders),
  ],
)

export const userPasskeys = pgTable(
  'user_passkeys',
  {
    userId: entityId('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    ordinal: integer('ordinal').notNull(),
    credentialId: text('credential_id'),
    publicKey: text('public_key'),
    counter: bigint('counter', { mode: 'bigint' }),
    transports: text('transports').array(),
    extra: jsonb('extra').$type<Extra>(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.ordinal] }),
    uniqueIndex('user_passkeys_credential_key')
      .on(table.credentialId)
      .where(sql`${table.credentialId} is not null`),
    check('user_passkeys_ordinal_from_zero', sql`${table.ordinal} >= 0`),
  ],
)

export const userRefreshTokens = pgTable(
  'user_refresh_tokens',
  {
    userId: entityId('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    ordinal: integer('ordinal').notNull(),
    tokenHash: text('token_hash'),
    family: text('family'),
    usedAt: instant('used_at'),
    expiresAt: instant('expires_at'),
    userAgent: text('user_agent'),
    extra: jsonb('extra').$type<Extra>(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.ordinal] }),
    index('user_refresh_tokens_hash_idx').on(table.tokenHash),
    check('user_refresh_tokens_ordinal_from_zero', sql`${table.ordinal} >= 0`),
  ],
)
