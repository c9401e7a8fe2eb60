import { z } from 'zod'
import type { EntityId } from '../../platform/ids.ts'
import { type Role, roles } from '../../platform/roles.ts'

export const authProviders = ['email', 'google', 'telegram'] as const
export const userStatuses = ['active', 'suspended', 'deleted'] as const

export interface Points {
  /** Ever earned. */
  total: number | null
  available: number | null
  used: number | null
  level: number | null
}

export interface ReferralStats {
  totalReferrals: number | null
  activeReferrals: number | null
  totalEarned: number | null
}

export interface Profile {
  avatar: string | null
  phone: string | null
  bio: string | null
  website: string | null
  isPublic: boolean | null
}

/**
 * A person. Old records may lack anything but the id (null is "not there"), and hold words that nobody knows any more:
 * role, status and provider are the stored text. `roleOf` and `isActive` say what they mean.
 */
export interface User {
  id: EntityId
  /** Absent for people who came by Telegram alone. */
  email: string | null
  /** The hash. */
  password: string | null
  firstName: string | null
  lastName: string | null
  role: string | null
  isEmailVerified: boolean | null
  authProvider: string | null
  telegramVerified: boolean | null
  status: string | null
  referralCode: string | null
  referredBy: EntityId | null
  points: Points
  referralStats: ReferralStats
  profile: Profile
  preferences: Record<string, unknown> | null
  walletAddress: string | null
  lastLoginAt: Date | null
  failedLogins: number | null
  createdAt: Date | null
  updatedAt: Date | null
}

/** What may change after sign-up; a part that is named is replaced whole. */
export type UserChanges = Partial<Omit<User, 'id' | 'createdAt' | 'updatedAt'>>

/** A refresh token as stored: the hash, or the plain token of the past (it has no family then). */
export interface StoredRefreshToken {
  tokenHash: string
  family: string | null
  usedAt: Date | null
  expiresAt: Date | null
  userAgent: string | null
}

/** The role that counts: a missing or unknown one gives no more than a buyer has. */
export function roleOf(user: Pick<User, 'role'>): Role {
  return roles.find((role) => role === user.role) ?? 'buyer'
}

/** Records from before the field existed are active; an unknown word is not. */
export function isActive(user: Pick<User, 'status'>): boolean {
  return user.status === null || user.status === 'active'
}

/** What is stored as preferences, or nothing where an old record has something else in their place. */
export function preferencesOf(stored: unknown): Record<string, unknown> | null {
  const isDocument = typeof stored === 'object' && stored !== null && !Array.isArray(stored)
  return isDocument ? (stored as Record<string, unknown>) : null
}

const preferencesSchema = z.object({
  language: z.enum(['en', 'fa', 'ar']).optional(),
  currency: z.enum(['USD', 'EUR', 'IRR', 'AED']).optional(),
  notifications: z
    .object({
      email: z.boolean().optional(),
      sms: z.boolean().optional(),
      push: z.boolean().optional(),
      telegram: z.boolean().optional(),
    })
    .optional(),
})

export const profileChangesSchema = z.object({
  firstName: z.string().trim().min(1).max(100).optional(),
  lastName: z.string().trim().min(1).max(100).optional(),
  phone: z.string().max(40).nullish(),
  bio: z.string().max(1000).nullish(),
  website: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).nullish(),
  /** The name that the existing clients send for the avatar. */
  photoURL: z.string().max(500).nullish(),
  avatar: z.string().max(500).nullish(),
  isPublic: z.boolean().optional(),
  preferences: preferencesSchema.optional(),
})
export type ProfileChanges = z.output<typeof profileChangesSchema>
