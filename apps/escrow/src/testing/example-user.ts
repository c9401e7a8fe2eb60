import type { User } from '../domains/user/index.ts'
import { newId, publicId } from '../platform/ids.ts'

const at = new Date('2026-03-01T10:00:00.123Z')

/** For tests: a user of today's form; texts are unique by the id. */
export function exampleUser(changes: Partial<User> = {}): User {
  const id = newId()
  return {
    id,
    email: `${publicId(id)}@example.com`,
    password: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA',
    firstName: 'زهرا',
    lastName: 'K.',
    role: 'seller',
    isEmailVerified: true,
    authProvider: 'email',
    telegramVerified: false,
    status: 'active',
    referralCode: publicId(id).slice(-8).toUpperCase(),
    referredBy: null,
    points: { total: 30, available: 20, used: 10, level: 1 },
    referralStats: { totalReferrals: 2, activeReferrals: 0, totalEarned: 0 },
    profile: { avatar: '/uploads/a.png', phone: null, bio: 'سلام 👋', website: null, isPublic: true },
    preferences: { language: 'fa', notifications: { email: true, sms: false } },
    walletAddress: '0x55d398326f99059ff775485246999027b3197955',
    lastLoginAt: at,
    failedLogins: 0,
    createdAt: at,
    updatedAt: at,
    ...changes,
  }
}
