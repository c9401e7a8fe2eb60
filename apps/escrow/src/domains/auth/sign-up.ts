import { after, type Clock, MINUTE } from '../../platform/clock.ts'
import { type EntityId, newId } from '../../platform/ids.ts'
import type { Mailer } from '../../platform/mailer.ts'
import { isPasswordHash, type Passwords } from '../../platform/passwords.ts'
import { type CodeHasher, randomCode } from '../../platform/secret-code.ts'
import type { Units, UserRepositories } from '../../units.ts'
import { emailTaken, type User } from '../user/index.ts'
import { codeInvalid, noSignUpWaiting, passwordNeeded, tooManyAttempts } from './errors.ts'
import { type CodeVerification, MAX_ATTEMPTS, type Registration, type TempVerification } from './model.ts'
import type { Sessions } from './sessions.ts'

/** What a sign-up's code is hashed for. */
const PURPOSE = 'email-verification'

export interface SignUpOptions {
  units: Pick<Units, 'user'>
  clock: Clock
  hasher: CodeHasher
  passwords: Passwords
  mailer: Mailer
  sessions: Sessions
  verificationCodeMinutes: number
}

export interface SignUp {
  /** A second call makes a new code rather than a conflict. Raises USER_EXISTS. */
  register(registration: Registration): Promise<{ email: string }>
  /** Raises VERIFICATION_NOT_FOUND. */
  resend(email: string): Promise<{ email: string }>
  /** Makes the user and opens a session. Raises CODE_INVALID, TOO_MANY_ATTEMPTS, PASSWORD_REQUIRED, USER_EXISTS. */
  verify(
    verification: CodeVerification,
    userAgent: string | null,
  ): Promise<{ user: User; refreshToken: string }>
}

type Verified = { user: User; refreshToken: string } | { failure: Error }

export function createSignUp(options: SignUpOptions): SignUp {
  const { units, clock, hasher, passwords, mailer, sessions } = options

  function newCode() {
    const code = randomCode()
    const emailVerificationCodeExpires = after(clock.now(), options.verificationCodeMinutes * MINUTE)
    return {
      code,
      stored: {
        emailVerificationCode: hasher.hash(PURPOSE, code),
        emailVerificationCodeExpires,
        attempts: 0,
      },
    }
  }

  async function mailCode(email: string, code: string): Promise<{ email: string }> {
    await mailer.send({ to: email, template: 'verification-code', data: { code } })
    return { email }
  }

  /** Sign-ups of the past hold the password as it was typed, and an empty one where none was given. */
  async function hashed(stored: string | null): Promise<string | null> {
    if (!stored) return null
    return isPasswordHash(stored) ? stored : passwords.hash(stored)
  }

  /** What is wrong with the code, or null. */
  function refusalOf(waiting: TempVerification, code: string): Error | null {
    if ((waiting.attempts ?? 0) >= MAX_ATTEMPTS) return tooManyAttempts()
    const expires = waiting.emailVerificationCodeExpires
    const isCurrent = expires !== null && expires > clock.now()
    const isRight = hasher.matches(waiting.emailVerificationCode, PURPOSE, code)
    return isCurrent && isRight ? null : codeInvalid()
  }

  async function verifyInside(
    repositories: UserRepositories,
    { email, code }: CodeVerification,
    givenHash: string | null,
    userAgent: string | null,
  ): Promise<Verified> {
    const { users, tempVerifications } = repositories
    const waiting = await tempVerifications.lockByEmail(email)
    if (waiting === null) return { failure: codeInvalid() }
    const refusal = refusalOf(waiting, code)
    if (refusal !== null) {
      // Answered, not thrown, so that the attempt counts.
      await tempVerifications.save({
        ...waiting,
        attempts: (waiting.attempts ?? 0) + 1,
        updatedAt: clock.now(),
      })
      return { failure: refusal }
    }
    const password = givenHash ?? (await hashed(waiting.password))
    if (password === null) return { failure: passwordNeeded() }
    if ((await users.findByEmail(email)) !== null) throw emailTaken()
    const referrer = waiting.referralCode ? await users.findByReferralCode(waiting.referralCode) : null
    const user = newUser(waiting, email, password, referrer?.id ?? null, clock.now())
    await users.insert(user)
    if (referrer !== null) await users.countReferral(referrer.id, clock.now())
    await tempVerifications.remove(waiting.id)
    return { user, refreshToken: await sessions.open(repositories, user, userAgent) }
  }

  return {
    async register(registration) {
      const { email } = registration
      const { code, stored } = newCode()
      const password = registration.password === undefined ? '' : await passwords.hash(registration.password)
      await units.user.transaction(async ({ users, tempVerifications }) => {
        if ((await users.findByEmail(email)) !== null) throw emailTaken()
        const now = clock.now()
        const waiting = await tempVerifications.lockByEmail(email)
        await tempVerifications.save({
          id: waiting?.id ?? newId(now),
          email,
          password,
          // The names that the past gave to those who sent none.
          firstName: registration.firstName ?? 'کاربر',
          lastName: registration.lastName ?? 'جدید',
          role: registration.role,
          referralCode: registration.referralCode ?? null,
          ...stored,
          createdAt: waiting?.createdAt ?? now,
          updatedAt: now,
        })
      })
      return mailCode(email, code)
    },

    async resend(email) {
      const { code, stored } = newCode()
      await units.user.transaction(async ({ tempVerifications }) => {
        const waiting = await tempVerifications.lockByEmail(email)
        if (waiting === null) throw noSignUpWaiting()
        await tempVerifications.save({ ...waiting, ...stored, updatedAt: clock.now() })
      })
      return mailCode(email, code)
    },

    async verify(verification, userAgent) {
      // Slow on purpose, so outside the transaction.
      const givenHash =
        verification.password === undefined ? null : await passwords.hash(verification.password)
      const answer = await units.user.transaction((repositories) =>
        verifyInside(repositories, verification, givenHash, userAgent),
      )
      if ('failure' in answer) throw answer.failure
      return answer
    },
  }
}

function newUser(
  waiting: TempVerification,
  email: string,
  password: string,
  referredBy: EntityId | null,
  at: Date,
): User {
  return {
    id: newId(at),
    email,
    password,
    firstName: waiting.firstName,
    lastName: waiting.lastName,
    role: waiting.role === 'seller' ? 'seller' : 'buyer',
    isEmailVerified: true,
    authProvider: 'email',
    telegramVerified: false,
    status: 'active',
    referralCode: null,
    referredBy,
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
