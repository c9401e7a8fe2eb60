import { isBcrypt } from '../../platform/passwords.ts'
import { isActive, type User } from '../user/index.ts'
import { accountNotActive, invalidCredentials } from './errors.ts'
import type { CodeVerification, Login, Registration, Tokens } from './model.ts'
import { createSessions, type SessionsOptions } from './sessions.ts'
import { createSignUp, type SignUpOptions } from './sign-up.ts'

export interface SignedIn {
  user: User
  tokens: Tokens
}

export interface AuthService {
  /** Mails a code. Raises USER_EXISTS. */
  register(registration: Registration): Promise<{ email: string }>
  /** Raises CODE_INVALID, TOO_MANY_ATTEMPTS, PASSWORD_REQUIRED, USER_EXISTS. */
  verifyCode(verification: CodeVerification, userAgent: string | null): Promise<SignedIn>
  /** Raises VERIFICATION_NOT_FOUND. */
  resendCode(email: string): Promise<{ email: string }>
  /** Raises INVALID_CREDENTIALS, ACCOUNT_NOT_ACTIVE. */
  login(login: Login, userAgent: string | null): Promise<SignedIn>
  /** Raises REFRESH_TOKEN_INVALID. */
  refresh(refreshToken: string): Promise<Tokens>
  logout(refreshToken: string): Promise<void>
}

export type AuthServiceOptions = SessionsOptions & Omit<SignUpOptions, 'sessions'>

export function createAuthService(options: AuthServiceOptions): AuthService {
  const { units, clock, passwords } = options
  const sessions = createSessions(options)
  const signUp = createSignUp({ ...options, sessions })

  async function noteFailure(user: User): Promise<void> {
    await units.user.transaction(async ({ users }) => {
      const current = await users.lock(user.id)
      if (current !== null)
        await users.update(user.id, { failedLogins: (current.failedLogins ?? 0) + 1 }, clock.now())
    })
  }

  return {
    register: signUp.register,
    resendCode: signUp.resend,
    refresh: sessions.exchange,
    logout: sessions.close,

    async verifyCode(verification, userAgent) {
      const { user, refreshToken } = await signUp.verify(verification, userAgent)
      return { user, tokens: await sessions.tokensFor(user, refreshToken) }
    },

    async login({ email, password }, userAgent) {
      const user = await units.user.read.users.findByEmail(email)
      const isRight = await passwords.matches(user?.password ?? null, password)
      if (user === null || !isRight) {
        if (user !== null) await noteFailure(user)
        throw invalidCredentials()
      }
      // A hash of the legacy system is renewed while the password is at hand.
      const renewed = isBcrypt(user.password ?? '') ? { password: await passwords.hash(password) } : {}
      const signedIn = await units.user.transaction(async (repositories) => {
        const current = await repositories.users.lock(user.id)
        if (current === null || current.password !== user.password) throw invalidCredentials()
        if (!isActive(current)) throw accountNotActive()
        const now = clock.now()
        await repositories.users.update(user.id, { ...renewed, lastLoginAt: now, failedLogins: 0 }, now)
        return { user: current, refreshToken: await sessions.open(repositories, current, userAgent) }
      })
      return { user: signedIn.user, tokens: await sessions.tokensFor(signedIn.user, signedIn.refreshToken) }
    },
  }
}
