import { after, type Clock, HOUR } from '../../platform/clock.ts'
import { DomainError } from '../../platform/errors.ts'
import { type EntityId, newId } from '../../platform/ids.ts'
import type { CodeHasher } from '../../platform/secret-code.ts'
import type { TelegramRepositories, Units } from '../../units.ts'
import { sessionInvalid } from './errors.ts'
import type { Launch } from './init-data.ts'
import type { TelegramId, TelegramSession } from './model.ts'

/** What the token of a launch is derived and hashed for. */
const PURPOSE = 'telegram-session'

export interface OpenedSession {
  token: string
  session: TelegramSession
}

/** The Mini App's own sessions: one for each launch, however often the launch is shown. */
export interface LaunchSessions {
  /** The same launch gets the same session and token; with `userId` it is theirs from now on. */
  open(launch: Launch, userId: EntityId | null): Promise<OpenedSession>
  /** Raises TELEGRAM_SESSION_INVALID. */
  get(token: string): Promise<TelegramSession>
  openOf(userId: EntityId): Promise<TelegramSession[]>
  /** An unknown one is no error. */
  end(token: string): Promise<void>
  endAll(telegramUserId: TelegramId): Promise<void>
}

export interface LaunchSessionsOptions {
  units: Pick<Units, 'telegram'>
  clock: Clock
  hasher: CodeHasher
  telegramSessionHours: number
}

export function createLaunchSessions(options: LaunchSessionsOptions): LaunchSessions {
  const { units, clock, hasher } = options
  const store = units.telegram

  function stored(token: string): string {
    return hasher.hash(PURPOSE, token)
  }

  async function openOnce(launch: Launch, userId: EntityId | null): Promise<OpenedSession> {
    const token = hasher.derive(PURPOSE, launch.fingerprint)
    const session = await store.transaction(async ({ sessions }) => {
      const found = await sessions.findByToken([stored(token)])
      return found === null ? begin({ sessions }, token, launch, userId) : resume({ sessions }, found, userId)
    })
    return { token, session }
  }

  async function begin(
    { sessions }: Pick<TelegramRepositories, 'sessions'>,
    token: string,
    launch: Launch,
    userId: EntityId | null,
  ): Promise<TelegramSession> {
    const now = clock.now()
    const session: TelegramSession = {
      id: newId(now),
      token: stored(token),
      telegramUserId: launch.telegramUserId,
      userId,
      initDataFingerprint: launch.fingerprint,
      authDate: launch.authDate,
      source: launch.source,
      expiresAt: after(launch.authDate, options.telegramSessionHours * HOUR),
      isActive: true,
      createdAt: now,
      updatedAt: now,
    }
    await sessions.insert(session)
    return session
  }

  async function resume(
    { sessions }: Pick<TelegramRepositories, 'sessions'>,
    session: TelegramSession,
    userId: EntityId | null,
  ): Promise<TelegramSession> {
    // Who ended the session, ended the launch.
    if (!isOpen(session)) throw sessionInvalid()
    if (userId === null || session.userId === userId) return session
    await sessions.assign(session.id, userId, clock.now())
    return { ...session, userId }
  }

  function isOpen({ isActive, expiresAt }: TelegramSession): boolean {
    return isActive === true && expiresAt !== null && expiresAt > clock.now()
  }

  async function find(token: string): Promise<TelegramSession | null> {
    const found = await store.read.sessions.findByToken([stored(token), token])
    const isTheirs = found !== null && hasher.matches(found.token, PURPOSE, token)
    return isTheirs && isOpen(found) ? found : null
  }

  return {
    async open(launch, userId) {
      try {
        return await openOnce(launch, userId)
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== 'TELEGRAM_SESSION_TAKEN') throw error
        return openOnce(launch, userId)
      }
    },

    async get(token) {
      const session = await find(token)
      if (session === null) throw sessionInvalid()
      return session
    },

    openOf: (userId) => store.read.sessions.openOf(userId, clock.now()),

    async end(token) {
      const session = await find(token)
      if (session !== null) await store.transaction(({ sessions }) => sessions.end(session.id, clock.now()))
    },

    async endAll(telegramUserId) {
      await store.transaction(({ sessions }) => sessions.endAll(telegramUserId, clock.now()))
    },
  }
}
