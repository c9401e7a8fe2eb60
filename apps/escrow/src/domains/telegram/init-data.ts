import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { after, MINUTE } from '../../platform/clock.ts'
import { botsRefused, initDataInvalid, initDataStale } from './errors.ts'
import type { Proof, TelegramId } from './model.ts'

/** Who opened the Mini App or used the widget, as Telegram signed it. */
export interface Launch {
  telegramUserId: TelegramId
  username: string | null
  firstName: string | null
  lastName: string | null
  source: 'miniapp' | 'widget'
  authDate: Date
  /** The same for the same signed data, and for no other. */
  fingerprint: string
}

export interface LaunchRules {
  botToken: string
  now: Date
  /** So long after `auth_date` the data is accepted. */
  maxAgeMinutes: number
}

/** Telegram's clock and ours may differ by so much. */
const SKEW = MINUTE

const userSchema = z.object({
  id: z.number().int().positive(),
  is_bot: z.boolean().optional(),
  first_name: z.string().optional(),
  last_name: z.string().optional(),
  username: z.string().optional(),
})

/** Raises TELEGRAM_DATA_INVALID, TELEGRAM_DATA_STALE, TELEGRAM_BOT_REFUSED. */
export function verifyLaunch({ initData, loginWidget }: Proof, rules: LaunchRules): Launch {
  if (initData !== undefined) return verifyInitData(initData, rules)
  if (loginWidget !== undefined) return verifyLoginWidget(loginWidget, rules)
  throw initDataInvalid('Send what Telegram signed.')
}

function verifyInitData(initData: string, rules: LaunchRules): Launch {
  const pairs = [...new URLSearchParams(initData)]
  const fields = new Map(pairs)
  // Of two values under one key, the signed one might not be the one that is read.
  if (fields.size !== pairs.length) throw initDataInvalid('The data of the Mini App names a key twice.')
  const secret = createHmac('sha256', 'WebAppData').update(rules.botToken).digest()
  const checked = assertSigned(fields, secret)
  const authDate = assertFresh(fields.get('auth_date'), rules)
  const user = userIn(fields.get('user'))
  return launchOf(user, 'miniapp', authDate, checked)
}

function verifyLoginWidget(widget: NonNullable<Proof['loginWidget']>, rules: LaunchRules): Launch {
  const members = Object.entries(widget).filter(([, value]) => value !== undefined)
  const fields = new Map(members.map(([key, value]) => [key, String(value)]))
  const secret = createHash('sha256').update(rules.botToken).digest()
  const checked = assertSigned(fields, secret)
  return launchOf(userSchema.parse(widget), 'widget', assertFresh(fields.get('auth_date'), rules), checked)
}

/** Compares in constant time, also a hash of another length or alphabet; answers what was signed. */
function assertSigned(fields: Map<string, string>, secret: Uint8Array): string {
  const signed = [...fields]
    .filter(([key]) => key !== 'hash')
    .map(([key, value]) => `${key}=${value}`)
    // By code units, as Telegram sorts: a locale would order otherwise.
    .sort((left, right) => (left < right ? -1 : 1))
    .join('\n')
  const expected = createHmac('sha256', secret).update(signed).digest()
  const hash = fields.get('hash') ?? ''
  const given = /^[0-9a-f]{64}$/i.test(hash) ? Buffer.from(hash, 'hex') : Buffer.alloc(expected.length)
  if (!timingSafeEqual(given, expected))
    throw initDataInvalid('The signature of Telegram is missing or wrong.')
  return signed
}

function assertFresh(seconds: string | undefined, { now, maxAgeMinutes }: LaunchRules): Date {
  if (seconds === undefined || !/^\d{1,12}$/.test(seconds))
    throw initDataInvalid('The signed data does not say when.')
  const authDate = new Date(Number(seconds) * 1000)
  if (authDate > after(now, SKEW)) throw initDataInvalid('The signed data comes from the future.')
  if (now > after(authDate, maxAgeMinutes * MINUTE)) throw initDataStale()
  return authDate
}

function userIn(json: string | undefined): z.output<typeof userSchema> {
  const user = userSchema.safeParse(parseJson(json ?? ''))
  if (!user.success) throw initDataInvalid('The signed data names no person.')
  return user.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function launchOf(
  user: z.output<typeof userSchema>,
  source: Launch['source'],
  authDate: Date,
  signed: string,
): Launch {
  if (user.is_bot === true) throw botsRefused()
  return {
    telegramUserId: String(user.id),
    username: user.username ?? null,
    firstName: user.first_name ?? null,
    lastName: user.last_name ?? null,
    source,
    authDate,
    fingerprint: createHash('sha256').update(`${source}\n${signed}`).digest('hex'),
  }
}
