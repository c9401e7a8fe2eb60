import type { AuthGuard } from '../../platform/auth-guard.ts'
import { after, type Clock, DAY } from '../../platform/clock.ts'
import { type CodeHasher, randomToken } from '../../platform/secret-code.ts'
import type { Units, UserRepositories } from '../../units.ts'
import { isActive, roleOf, type StoredRefreshToken, type User } from '../user/index.ts'
import { refreshTokenInvalid } from './errors.ts'
import type { Tokens } from './model.ts'

/** What a refresh token is hashed for. */
const PURPOSE = 'refresh'

export interface Sessions {
  /** Opens a session inside the transaction that signs the user in; answers the refresh token. */
  open(repositories: UserRepositories, user: User, userAgent: string | null): Promise<string>
  /**
   * The same for a sign-in that may be shown again (`launch` names it): its session is one family, and as long as
   * the first refresh token was not exchanged, that very token is the answer.
   */
  openLaunch(
    repositories: UserRepositories,
    user: User,
    launch: string,
    userAgent: string | null,
  ): Promise<string>
  /** The tokens that the client gets, once the transaction has committed. */
  tokensFor(user: User, refreshToken: string): Promise<Tokens>
  /** Exchanges a refresh token for a new one. Raises REFRESH_TOKEN_INVALID; a reused token ends its whole family. */
  exchange(refreshToken: string): Promise<Tokens>
  /** Ends the session of a refresh token; an unknown one is no error. */
  close(refreshToken: string): Promise<void>
}

export interface SessionsOptions {
  units: Pick<Units, 'user'>
  guard: AuthGuard
  hasher: CodeHasher
  clock: Clock
  accessTokenMinutes: number
  refreshTokenDays: number
}

export function createSessions(options: SessionsOptions): Sessions {
  const { units, guard, hasher, clock } = options

  function newToken(family: string, userAgent: string | null, token = randomToken()) {
    const expiresAt = after(clock.now(), options.refreshTokenDays * DAY)
    const stored = { tokenHash: hasher.hash(PURPOSE, token), family, usedAt: null, expiresAt, userAgent }
    return { token, stored }
  }

  async function tokensFor(user: User, refreshToken: string): Promise<Tokens> {
    const accessToken = await guard.issueAccessToken({ id: user.id, role: roleOf(user) })
    return { accessToken, refreshToken, expiresIn: options.accessTokenMinutes * 60 }
  }

  /** Hashed like ours, a plain token of the past goes on working, and nothing plain stays after the next write. */
  function modern(token: StoredRefreshToken): StoredRefreshToken {
    if (token.family !== null) return token
    return {
      ...token,
      tokenHash: hasher.isHash(token.tokenHash) ? token.tokenHash : hasher.hash(PURPOSE, token.tokenHash),
      family: randomToken(),
      expiresAt: token.expiresAt ?? after(clock.now(), options.refreshTokenDays * DAY),
    }
  }

  async function liveTokens({ users }: UserRepositories, user: User): Promise<StoredRefreshToken[]> {
    const now = clock.now()
    const tokens = (await users.refreshTokens(user.id)).map(modern)
    return tokens.filter(({ expiresAt }) => expiresAt === null || expiresAt > now)
  }

  /** The owner and the stored token, the user locked; null where nobody has it or it is past its time. */
  async function find(repositories: UserRepositories, refreshToken: string) {
    const owner = await repositories.users.findByRefreshToken([
      hasher.hash(PURPOSE, refreshToken),
      refreshToken,
    ])
    const user = owner === null ? null : await repositories.users.lock(owner.id)
    if (user === null) return null
    const tokens = await liveTokens(repositories, user)
    const token = tokens.find(({ tokenHash }) => hasher.matches(tokenHash, PURPOSE, refreshToken))
    return token === undefined ? null : { user, tokens, token }
  }

  return {
    tokensFor,

    async open(repositories, user, userAgent) {
      const { token, stored } = newToken(randomToken(), userAgent)
      const tokens = [...(await liveTokens(repositories, user)), stored]
      await repositories.users.saveRefreshTokens(user.id, tokens, clock.now())
      return token
    },

    async openLaunch(repositories, user, launch, userAgent) {
      const family = hasher.derive('launch-family', launch)
      const first = newToken(family, userAgent, hasher.derive('launch-token', launch))
      const live = await liveTokens(repositories, user)
      const known = live.find(({ tokenHash }) => tokenHash === first.stored.tokenHash)
      if (known !== undefined && known.usedAt === null) return first.token
      const { token, stored } = known === undefined ? first : newToken(family, userAgent)
      await repositories.users.saveRefreshTokens(user.id, [...live, stored], clock.now())
      return token
    },

    async exchange(refreshToken) {
      const exchanged = await units.user.transaction(async (repositories) => {
        const found = await find(repositories, refreshToken)
        if (found === null) return null
        const { user, tokens, token } = found
        const now = clock.now()
        if (token.usedAt !== null || !isActive(user)) {
          // Two hold the same token: one of them stole it. Nobody of the family goes on.
          await repositories.users.saveRefreshTokens(user.id, withoutFamily(tokens, token), now)
          return null
        }
        const next = newToken(token.family ?? randomToken(), token.userAgent)
        const kept = tokens.map((one) => (one === token ? { ...one, usedAt: now } : one))
        await repositories.users.saveRefreshTokens(user.id, [...kept, next.stored], now)
        return { user, refreshToken: next.token }
      })
      // Thrown only now: the end of the family has to be committed.
      if (exchanged === null) throw refreshTokenInvalid()
      return tokensFor(exchanged.user, exchanged.refreshToken)
    },

    async close(refreshToken) {
      await units.user.transaction(async (repositories) => {
        const found = await find(repositories, refreshToken)
        if (found === null) return
        const left = withoutFamily(found.tokens, found.token)
        await repositories.users.saveRefreshTokens(found.user.id, left, clock.now())
      })
    },
  }
}

function withoutFamily(tokens: StoredRefreshToken[], token: StoredRefreshToken): StoredRefreshToken[] {
  return tokens.filter(({ family }) => family !== token.family)
}
