import { keptText } from '../../platform/extra.ts'
import { preferencesOf, type User, type UserChanges } from './model.ts'
import { users } from './schema.ts'

/** A row as the domain sees it: what `extra` keeps for a column stands where the old system showed it. */
export function userOf(row: typeof users.$inferSelect): User {
  const text = (value: string | null, path: string) => value ?? keptText(row.extra, path)
  return {
    id: row.id,
    email: text(row.email, 'email'),
    password: text(row.password, 'password'),
    firstName: text(row.firstName, 'firstName'),
    lastName: text(row.lastName, 'lastName'),
    role: text(row.role, 'role'),
    isEmailVerified: row.isEmailVerified,
    authProvider: text(row.authProvider, 'authProvider'),
    telegramVerified: row.telegramVerified,
    status: text(row.status, 'status'),
    referralCode: text(row.referralCode, 'referralCode'),
    referredBy: row.referredBy,
    points: {
      total: row.pointsTotal,
      available: row.pointsAvailable,
      used: row.pointsUsed,
      level: row.pointsLevel,
    },
    referralStats: {
      totalReferrals: row.totalReferrals,
      activeReferrals: row.activeReferrals,
      totalEarned: row.referralEarned,
    },
    profile: {
      avatar: text(row.avatar, 'profile.avatar'),
      phone: text(row.phone, 'profile.phone'),
      bio: text(row.bio, 'profile.bio'),
      website: text(row.website, 'profile.website'),
      isPublic: row.isPublic,
    },
    preferences: preferencesOf(row.preferences),
    walletAddress: text(row.walletAddress, 'walletAddress'),
    lastLoginAt: row.lastLoginAt,
    failedLogins: row.failedLogins,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

/** The columns of what changes; Drizzle leaves out what is undefined. */
export function columnsOf(changes: UserChanges): Partial<typeof users.$inferInsert> {
  const { role, status, authProvider, points, referralStats, profile, ...plain } = changes
  return {
    ...plain,
    ...(role === undefined ? {} : { role: known(users.role.enumValues, role) }),
    ...(status === undefined ? {} : { status: known(users.status.enumValues, status) }),
    ...(authProvider === undefined
      ? {}
      : { authProvider: known(users.authProvider.enumValues, authProvider) }),
    ...(points && {
      pointsTotal: points.total,
      pointsAvailable: points.available,
      pointsUsed: points.used,
      pointsLevel: points.level,
    }),
    ...(referralStats && {
      totalReferrals: referralStats.totalReferrals,
      activeReferrals: referralStats.activeReferrals,
      referralEarned: referralStats.totalEarned,
    }),
    ...profile,
  }
}

/** The document paths that a change takes away. */
export function clearedPaths({ points, referralStats, profile, ...plain }: UserChanges): string[] {
  const parts = { points, referralStats, profile }
  const below = Object.entries(parts).flatMap(([part, fields]) =>
    clearedIn(fields).map((field) => `${part}.${field}`),
  )
  return [...clearedIn(plain), ...below]
}

function clearedIn(fields: object | undefined): string[] {
  return Object.entries(fields ?? {})
    .filter(([, value]) => value === null)
    .map(([field]) => field)
}

/** The application writes only words that it knows; an old one is never written back by it. */
function known<Word extends string>(words: readonly Word[], value: string | null): Word | null {
  if (value === null) return null
  const word = words.find((one) => one === value)
  if (word === undefined) throw new Error(`"${value}" is none of ${words.join(', ')}.`)
  return word
}
