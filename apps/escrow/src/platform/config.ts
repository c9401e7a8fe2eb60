import { z } from 'zod'
import { ProgramError } from './run-program.ts'

const developmentSecret = (name: string) => `development-only-${name}-do-not-use-in-production`

const secret = (name: string) => z.string().min(32).default(developmentSecret(name))
const wholeNumber = (fallback: number) => z.coerce.number().int().nonnegative().default(fallback)

const configSchema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: wholeNumber(5001),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  /** Has no default: nobody fills a database by accident. */
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
    .optional(),
  FRONTEND_URL: z.url().default('http://localhost:3000'),
  JWT_SECRET: secret('jwt'),
  /** HMAC key of codes and refresh tokens. Changing it makes every open code and session void. */
  CODE_HMAC_KEY: secret('codes'),
  /** The key from which each intent's webhook secret is derived. */
  WEBHOOK_SECRET_KEY: secret('webhooks'),
  /** Of the bot to which the Mini App belongs: Telegram signs with it. */
  TELEGRAM_BOT_TOKEN: secret('telegram-bot'),
  /** What Telegram sends with each update of the bot. */
  TELEGRAM_WEBHOOK_SECRET: secret('telegram-webhook'),
  /** So long what Telegram signed is accepted; a launch that is shown again meanwhile gets the same session. */
  TELEGRAM_LAUNCH_MINUTES: wholeNumber(15),
  TELEGRAM_SESSION_HOURS: wholeNumber(24),
  ACCESS_TOKEN_MINUTES: wholeNumber(15),
  REFRESH_TOKEN_DAYS: wholeNumber(30),
  VERIFICATION_CODE_MINUTES: wholeNumber(15),
  PLATFORM_FEE_BPS: wholeNumber(250),
  INSPECTION_HOURS: wholeNumber(72),
  PAYMENT_INTENT_MINUTES: wholeNumber(60),
  DELIVERY_CODE_DAYS: wholeNumber(7),
  /** The account key (m/44'/60'/0') below which every payment gets its address. Without it none is given out. */
  DERIVED_DESTINATION_XPUB: z.string().min(1).optional(),
  /** Exactly `true`: nobody registers a hardware wallet without a signature of it. */
  TREZOR_SAFEKEEPING_REQUIRED: z.string().optional(),
  EFFECT_INTERVAL_MS: wholeNumber(500),
  /** The account that answers support chats. */
  SUPPORT_EMAIL: z.email().default('support@amn.gg'),
})

export interface Config {
  environment: 'development' | 'test' | 'production'
  host: string
  port: number
  logLevel: string
  databaseUrl: string
  frontendUrl: string
  jwtSecret: string
  codeHmacKey: string
  webhookSecretKey: string
  telegramBotToken: string
  telegramWebhookSecret: string
  telegramLaunchMinutes: number
  telegramSessionHours: number
  accessTokenMinutes: number
  refreshTokenDays: number
  verificationCodeMinutes: number
  platformFeeBps: number
  inspectionHours: number
  paymentIntentMinutes: number
  deliveryCodeDays: number
  derivedDestinationXpub: string | null
  trezorProofRequired: boolean
  effectIntervalMs: number
  supportEmail: string
}

/** Each variable that a schema reads, with its default. */
export function variablesOf(schema: z.ZodObject): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema.shape).map(([name, field]) => [name, z.safeParse(field, undefined).data]),
  )
}

/** The variables that the application reads. */
export const configVariables = variablesOf(configSchema)

export class ConfigError extends ProgramError {
  constructor(message: string) {
    super('CONFIG_INVALID', message)
    this.name = 'ConfigError'
  }

  /** Names every variable that makes no sense, without its content. */
  static of(error: z.ZodError): ConfigError {
    const lines = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    return new ConfigError(`${lines.join('; ')}. Every variable: docs/configuration.md`)
  }
}

/** Reads the configuration from the environment. Refuses a production start with a secret that stands in this file. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const parsed = configSchema.safeParse(environment)
  if (!parsed.success) {
    throw ConfigError.of(parsed.error)
  }
  const env = parsed.data
  if (env.NODE_ENV === 'production') refuseDefaultSecrets(env)
  return {
    environment: env.NODE_ENV,
    host: env.HOST,
    port: env.PORT,
    logLevel: env.LOG_LEVEL,
    databaseUrl: databaseOf(env),
    frontendUrl: env.FRONTEND_URL,
    jwtSecret: env.JWT_SECRET,
    codeHmacKey: env.CODE_HMAC_KEY,
    webhookSecretKey: env.WEBHOOK_SECRET_KEY,
    telegramBotToken: env.TELEGRAM_BOT_TOKEN,
    telegramWebhookSecret: env.TELEGRAM_WEBHOOK_SECRET,
    telegramLaunchMinutes: env.TELEGRAM_LAUNCH_MINUTES,
    telegramSessionHours: env.TELEGRAM_SESSION_HOURS,
    accessTokenMinutes: env.ACCESS_TOKEN_MINUTES,
    refreshTokenDays: env.REFRESH_TOKEN_DAYS,
    verificationCodeMinutes: env.VERIFICATION_CODE_MINUTES,
    platformFeeBps: env.PLATFORM_FEE_BPS,
    inspectionHours: env.INSPECTION_HOURS,
    paymentIntentMinutes: env.PAYMENT_INTENT_MINUTES,
    deliveryCodeDays: env.DELIVERY_CODE_DAYS,
    derivedDestinationXpub: env.DERIVED_DESTINATION_XPUB ?? null,
    trezorProofRequired: env.TREZOR_SAFEKEEPING_REQUIRED === 'true',
    effectIntervalMs: env.EFFECT_INTERVAL_MS,
    supportEmail: env.SUPPORT_EMAIL,
  }
}

/** Tests bring databases of their own. */
function databaseOf({ DATABASE_URL, NODE_ENV }: { DATABASE_URL?: string; NODE_ENV: string }): string {
  if (DATABASE_URL !== undefined) return DATABASE_URL
  if (NODE_ENV === 'test') return 'postgres://nobody@127.0.0.1:1/none'
  throw new ConfigError(
    'DATABASE_URL is not set: export DATABASE_URL=postgres://USER:PASSWORD@HOST:5432/DATABASE. ' +
      'Every variable: docs/configuration.md',
  )
}

function refuseDefaultSecrets(env: Record<string, unknown>): void {
  const defaults = Object.entries(env).filter(
    ([, value]) => typeof value === 'string' && value.startsWith('development-only-'),
  )
  if (defaults.length === 0) return
  const names = defaults.map(([name]) => name).join(', ')
  throw new ConfigError(`Production needs secrets of its own: set ${names} (32 characters or more).`)
}
