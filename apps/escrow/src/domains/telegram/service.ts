import { timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../platform/clock.ts'
import { type EntityId, newId } from '../../platform/ids.ts'
import type { CodeHasher } from '../../platform/secret-code.ts'
import type { Units } from '../../units.ts'
import type { Sessions } from '../auth/index.ts'
import { webhookRefused } from './errors.ts'
import { type Launch, verifyLaunch } from './init-data.ts'
import { createLaunchSessions, type OpenedSession } from './launch-sessions.ts'
import { createTelegramLinks } from './links.ts'
import type { Proof, TelegramLink, TelegramSession, TelegramSignInInput } from './model.ts'
import { createTelegramSignIn, type TelegramSignedIn } from './sign-in.ts'

export interface TelegramService {
  /**
   * The same launch gets the same session. Raises TELEGRAM_DATA_INVALID, TELEGRAM_DATA_STALE, TELEGRAM_BOT_REFUSED,
   * ACCOUNT_NOT_ACTIVE, TELEGRAM_SESSION_INVALID.
   */
  signIn(input: TelegramSignInInput, userAgent: string | null): Promise<TelegramSignedIn & { launch: Launch }>
  /** A session of the Mini App for somebody who has not signed in yet. Raises as `signIn`. */
  openSession(proof: Proof): Promise<OpenedSession>
  /** Raises TELEGRAM_SESSION_INVALID. */
  session(token: string): Promise<TelegramSession>
  /** Where somebody has the Mini App open. */
  sessionsOf(userId: EntityId): Promise<TelegramSession[]>
  endSession(token: string): Promise<void>
  linkOf(userId: EntityId): Promise<TelegramLink | null>
  /** Raises TELEGRAM_LINK_TAKEN, TELEGRAM_OTHER_LINKED, and what the proof is refused with. */
  link(userId: EntityId, proof: Proof): Promise<TelegramLink>
  /** Raises NOT_FOUND, TELEGRAM_ONLY_SIGN_IN. */
  unlink(userId: EntityId): Promise<void>
  /** Takes an update of the bot once. Raises TELEGRAM_WEBHOOK_REFUSED, TELEGRAM_REPLAY. */
  receiveUpdate(updateId: number, secret: string | undefined): Promise<void>
}

export interface TelegramServiceOptions {
  units: Pick<Units, 'user' | 'telegram'>
  clock: Clock
  hasher: CodeHasher
  sessions: Sessions
  telegramBotToken: string
  telegramWebhookSecret: string
  telegramLaunchMinutes: number
  telegramSessionHours: number
}

export function createTelegramService(options: TelegramServiceOptions): TelegramService {
  const { units, clock } = options
  const launchSessions = createLaunchSessions(options)
  const signIn = createTelegramSignIn({ ...options, launchSessions })
  const links = createTelegramLinks({ ...options, launchSessions })

  function launchOf(proof: Proof): Launch {
    return verifyLaunch(proof, {
      botToken: options.telegramBotToken,
      now: clock.now(),
      maxAgeMinutes: options.telegramLaunchMinutes,
    })
  }

  return {
    async signIn(input, userAgent) {
      const launch = launchOf(input)
      return { ...(await signIn(launch, input.role, userAgent)), launch }
    },

    openSession: async (proof) => launchSessions.open(launchOf(proof), null),
    session: launchSessions.get,
    sessionsOf: launchSessions.openOf,
    endSession: launchSessions.end,
    linkOf: links.of,
    link: async (userId, proof) => links.link(userId, launchOf(proof)),
    unlink: links.unlink,

    async receiveUpdate(updateId, secret) {
      if (!sameText(options.telegramWebhookSecret, secret ?? '')) throw webhookRefused()
      const at = clock.now()
      await units.telegram.transaction(({ updates }) =>
        updates.record({ id: newId(at), updateId: String(updateId), at }),
      )
    },
  }
}

function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}
