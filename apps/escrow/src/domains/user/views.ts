import { z } from 'zod'
import { publicId } from '../../platform/ids.ts'
import { roleOf, type User } from './model.ts'

/** What people see of themselves; sign-in answers with it too. */
export const userView = z.object({
  id: z.string(),
  email: z.string().nullable(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  role: z.string(),
  isEmailVerified: z.boolean(),
  authProvider: z.string().nullable(),
  status: z.string(),
  referralCode: z.string().nullable(),
  points: z.object({ total: z.number(), available: z.number(), used: z.number(), level: z.number() }),
  profile: z.object({
    avatar: z.string().nullable(),
    phone: z.string().nullable(),
    bio: z.string().nullable(),
    website: z.string().nullable(),
    isPublic: z.boolean(),
  }),
  preferences: z.record(z.string(), z.unknown()),
  walletAddress: z.string().nullable(),
  createdAt: z.iso.datetime().nullable(),
})
export type UserView = z.output<typeof userView>

export function userViewOf(user: User): UserView {
  const { points } = user
  return {
    id: publicId(user.id),
    email: user.email,
    firstName: user.firstName,
    lastName: user.lastName,
    role: roleOf(user),
    isEmailVerified: user.isEmailVerified ?? false,
    authProvider: user.authProvider,
    status: user.status ?? 'active',
    referralCode: user.referralCode,
    points: {
      total: points.total ?? 0,
      available: points.available ?? 0,
      used: points.used ?? 0,
      level: points.level ?? 0,
    },
    profile: { ...user.profile, isPublic: user.profile.isPublic ?? false },
    preferences: user.preferences ?? {},
    walletAddress: user.walletAddress,
    createdAt: user.createdAt?.toISOString() ?? null,
  }
}

/** What others see: with a profile that is not public, the name, picture and role alone. */
export const publicUserView = z.object({
  id: z.string(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  avatar: z.string().nullable(),
  role: z.string(),
  bio: z.string().nullable().optional(),
  website: z.string().nullable().optional(),
})

export function publicUserViewOf(user: User): z.output<typeof publicUserView> {
  const { avatar, bio, website, isPublic } = user.profile
  return {
    id: publicId(user.id),
    firstName: user.firstName,
    lastName: user.lastName,
    avatar,
    role: roleOf(user),
    ...(isPublic === true ? { bio, website } : {}),
  }
}
