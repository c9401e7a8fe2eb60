import { boolean, defineMapping, integer, objectId, rows, text, timestamp } from 'landbridge/mapping'
import { users as table, userPasskeys, userRefreshTokens } from '../schema.ts'

/**
 * `users` and its two tables. Old refresh tokens are plain strings, which no row holds: such an array stays whole in
 * `extra`, and the repository reads it there until it is written again.
 */
export const users = defineMapping({
  unit: 'user',
  collection: 'users',
  table,
  fields: {
    referredBy: objectId(table.referredBy, { to: () => table, orphan: 'keep' }),
    'points.total': integer(table.pointsTotal),
    'points.available': integer(table.pointsAvailable),
    'points.used': integer(table.pointsUsed),
    'points.level': integer(table.pointsLevel),
    'referralStats.totalReferrals': integer(table.totalReferrals),
    'referralStats.activeReferrals': integer(table.activeReferrals),
    'referralStats.totalEarned': integer(table.referralEarned),
    'profile.avatar': text(table.avatar),
    'profile.phone': text(table.phone),
    'profile.bio': text(table.bio),
    'profile.website': text(table.website),
    'profile.isPublic': boolean(table.isPublic),
    'profile.walletProofVerified': boolean(table.walletProofVerified),
    'profile.walletProofTimestamp': timestamp(table.walletProofTimestamp),
  },
  children: { passkeys: rows(userPasskeys), refreshTokens: rows(userRefreshTokens) },
  // Addresses that differ by case alone, one passkey on two accounts: the lowest id keeps the column.
  uniques: {
    users_email_key: { paths: ['email'], outcome: 'extra' },
    users_referral_code_key: { paths: ['referralCode'], outcome: 'extra' },
    user_passkeys_credential_key: { paths: ['passkeys.credentialId'], outcome: 'extra' },
  },
})
