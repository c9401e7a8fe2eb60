import type { Clock } from '../../platform/clock.ts'
import { DomainError } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import type { Units, UserRepositories } from '../../units.ts'
import { accountNotActive, type Sessions, type Tokens } from '../auth/index.ts'
import { isActive, type User } from '../user/index.ts'
import type { Launch } from './init-data.ts'
import type { LaunchSessions, OpenedSession } from './launch-sessions.ts'
import { newLink } from './links.ts'

export interface TelegramSignedIn {
  user: User
  tokens: Tokens
  isNewUser: boolean
  opened: OpenedSession
}

export interface TelegramSignInOptions {
  units: Pick<Units, 'user'>
  clock: Clock
  sessions: Sessions
  launchSessions: LaunchSessions
}

type InUserUnit = Pick<TelegramSignedIn, 'user' | 'isNewUser'> & { refreshToken: string }

/**
 * Signs in who opened the Mini App: the person, the link and the refresh token are one transaction. The Mini App's
 * session lies in another unit and is written afterwards; if that fails, the same launch is shown once more and gets
 * the same answer.
 */
export function createTelegramSignIn(options: TelegramSignInOptions) {
  const { units, clock, sessions, launchSessions } = options

  async function signInInside(
    repositories: UserRepositories,
    launch: Launch,
    role: 'buyer' | 'seller',
    userAgent: string | null,
  ): Promise<InUserUnit> {
    const known = await knownPerson(repositories, launch)
    const user = known ?? (await newPerson(repositories, launch, role))
    const refreshToken = await sessions.openLaunch(repositories, user, launch.fingerprint, userAgent)
    return { user, isNewUser: known === null, refreshToken }
  }

  async function knownPerson(
    { users, telegramLinks }: UserRepositories,
    launch: Launch,
  ): Promise<User | null> {
    const link = await telegramLinks.findActive(launch.telegramUserId)
    if (link === null) return null
    const now = clock.now()
    const user = link.userId === null ? null : await users.lock(link.userId)
    if (user === null) {
      // A link of old to somebody who does not exist: it makes room for a new one.
      await telegramLinks.update(link.id, { isActive: false }, now)
      return null
    }
    if (!isActive(user)) throw accountNotActive()
    const { username, firstName, lastName } = launch
    await telegramLinks.update(link.id, { username, firstName, lastName, lastSeenAt: now }, now)
    await users.update(user.id, { lastLoginAt: now, failedLogins: 0, telegramVerified: true }, now)
    return user
  }

  async function newPerson(
    { users, telegramLinks }: UserRepositories,
    launch: Launch,
    role: 'buyer' | 'seller',
  ): Promise<User> {
    const user = personOf(launch, role, clock.now())
    await users.insert(user)
    await telegramLinks.insert(newLink(launch, user.id, clock.now()))
    return user
  }

  return async function signIn(
    launch: Launch,
    role: 'buyer' | 'seller',
    userAgent: string | null,
  ): Promise<TelegramSignedIn> {
    const once = () =>
      units.user.transaction((repositories) => signInInside(repositories, launch, role, userAgent))
    // Two first launches at once: one makes the person, the other finds them on its second look.
    const signedIn = await once().catch((error: unknown) => {
      if (error instanceof DomainError && error.code === 'TELEGRAM_LINK_TAKEN') return once()
      throw error
    })
    const opened = await launchSessions.open(launch, signedIn.user.id)
    const tokens = await sessions.tokensFor(signedIn.user, signedIn.refreshToken)
    return { user: signedIn.user, isNewUser: signedIn.isNewUser, tokens, opened }
  }
}

/** A person who came by Telegram alone: no e-mail address and no password. */
function personOf(launch: Launch, role: 'buyer' | 'seller', at: Date): User {
  return {
    id: newId(at),
    email: null,
    password: null,
    // The names that the past gave to those who have none.
    firstName: launch.firstName ?? 'کاربر',
    lastName: launch.lastName ?? 'جدید',
    role,
    isEmailVerified: false,
    authProvider: 'telegram',
    telegramVerified: true,
    status: 'active',
    referralCode: null,
    referredBy: null,
    points: { total: 0, available: 0, used: 0, level: 1 },
    referralStats: { totalReferrals: 0, activeReferrals: 0, totalEarned: 0 },
    profile: { avatar: null, phone: null, bio: null, website: null, isPublic: false },
    preferences: null,
    walletAddress: null,
    lastLoginAt: at,
    failedLogins: 0,
    createdAt: at,
    updatedAt: at,
  }
}
