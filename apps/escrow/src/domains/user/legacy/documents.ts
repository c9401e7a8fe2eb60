import type { Types } from 'mongoose'
import { withoutNulls } from '../../../migration/document-changes.ts'
import {
  lenientBoolean,
  lenientDate,
  lenientDocument,
  lenientId,
  lenientInteger,
  lenientText,
  objectIdOf,
} from '../../../migration/lenient.ts'
import { lenientJson } from '../../../migration/lenient-json.ts'
import { parseId } from '../../../platform/ids.ts'
import { preferencesOf, type StoredRefreshToken, type User, type UserChanges } from '../model.ts'

/** Whatever an old document holds. */
export type OldUser = Record<string, unknown> & { _id: Types.ObjectId }

/** A document as the domain sees it. Never throws: dirt is shown as the old system showed it, or as absent. */
export function userOf(document: OldUser): User {
  const points = lenientDocument(document.points)
  const referralStats = lenientDocument(document.referralStats)
  const profile = lenientDocument(document.profile)
  return {
    id: parseId(document._id.toHexString()),
    email: lenientText(document.email),
    password: lenientText(document.password),
    firstName: lenientText(document.firstName),
    lastName: lenientText(document.lastName),
    role: lenientText(document.role),
    isEmailVerified: lenientBoolean(document.isEmailVerified),
    authProvider: lenientText(document.authProvider),
    telegramVerified: lenientBoolean(document.telegramVerified),
    status: lenientText(document.status),
    referralCode: lenientText(document.referralCode),
    referredBy: lenientId(document.referredBy),
    points: {
      total: lenientInteger(points.total),
      available: lenientInteger(points.available),
      used: lenientInteger(points.used),
      level: lenientInteger(points.level),
    },
    referralStats: {
      totalReferrals: lenientInteger(referralStats.totalReferrals),
      activeReferrals: lenientInteger(referralStats.activeReferrals),
      totalEarned: lenientInteger(referralStats.totalEarned),
    },
    profile: {
      avatar: lenientText(profile.avatar),
      phone: lenientText(profile.phone),
      bio: lenientText(profile.bio),
      website: lenientText(profile.website),
      isPublic: lenientBoolean(profile.isPublic),
    },
    preferences: preferencesOf(lenientJson(document.preferences ?? null)),
    walletAddress: lenientText(document.walletAddress),
    lastLoginAt: lenientDate(document.lastLoginAt),
    failedLogins: lenientInteger(document.failedLogins),
    createdAt: lenientDate(document.createdAt),
    updatedAt: lenientDate(document.updatedAt),
  }
}

/** The paths that hold other paths, as a projection. */
export const containers = { points: 1, referralStats: 1, profile: 1 } as const

/**
 * What changes, by document path; paths that are not named stay out. `stored` is the document that is changed, null for
 * a new one: MongoDB refuses to set a path below a null or a text, so such a container is replaced whole.
 */
export function fieldsOf(changes: UserChanges, stored: OldUser | null): Record<string, unknown> {
  const { referredBy, points, referralStats, profile, ...plain } = changes
  return {
    ...plain,
    ...(referredBy === undefined ? {} : { referredBy: referredBy && objectIdOf(referredBy) }),
    ...under('points', points, stored),
    ...under('referralStats', referralStats, stored),
    ...under('profile', profile, stored),
  }
}

/** An element of `refreshTokens`: ours, or a plain string of the past. */
export function tokenOf(element: unknown): StoredRefreshToken[] {
  if (typeof element === 'string') {
    return [{ tokenHash: element, family: null, usedAt: null, expiresAt: null, userAgent: null }]
  }
  const { tokenHash, family, usedAt, expiresAt, userAgent } = lenientDocument(element)
  if (typeof tokenHash !== 'string') return []
  return [
    {
      tokenHash,
      family: lenientText(family),
      usedAt: lenientDate(usedAt),
      expiresAt: lenientDate(expiresAt),
      userAgent: lenientText(userAgent),
    },
  ]
}

function under(path: string, part: object | undefined, stored: OldUser | null): Record<string, unknown> {
  if (part === undefined) return {}
  const container = stored?.[path]
  const isInTheWay =
    container !== undefined &&
    (typeof container !== 'object' || container === null || Array.isArray(container))
  if (isInTheWay) return { [path]: withoutNulls({ ...part }) }
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [`${path}.${key}`, value]))
}
