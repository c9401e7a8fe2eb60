import { freePort } from '../../platform/free-port.ts'
import { type ApplicationProcess, startApplication } from './application-process.ts'
import { keepLine } from './rehearsal-log.ts'
import type { RehearsalStores } from './stores.ts'

/** Keys of the rehearsal's processes; they never leave this machine. */
export const rehearsalSecrets = {
  jwt: 'rehearsal-only-jwt-secret-0123456789abcdef',
  codes: 'rehearsal-only-code-key-0123456789abcdef',
  webhooks: 'rehearsal-only-webhook-key-0123456789abcdef',
  telegramBot: 'rehearsal-only-telegram-bot-0123456789abcdef',
}

/** The two processes that serve HTTP while units move, behind what a load balancer would know of them. */
export interface Applications {
  names(): string[]
  urls(): string[]
  /** The code that a process has mailed to an address (it writes mails into its log), once it has. */
  mailedCode(address: string): Promise<string | null>
  /** SIGKILL, and out of the load balancer. */
  kill(name: string): Promise<void>
  /** Starts a process of that name again, on its old port. */
  start(name: string, options?: { readyMs?: number }): Promise<void>
  stop(): Promise<void>
}

export async function startApplications(
  stores: RehearsalStores,
  options: { names: string[]; onChange(urls: string[]): void },
): Promise<Applications> {
  const running = new Map<string, ApplicationProcess>()
  const ports = new Map<string, number>()
  const codes = new Map<string, string>()
  const environment = environmentOf(stores)
  const changed = () => options.onChange([...running.values()].map((process) => process.url))

  const start = async (name: string, { readyMs }: { readyMs?: number } = {}) => {
    const port = ports.get(name) ?? (await freePort())
    ports.set(name, port)
    const process = await startApplication({
      name,
      port,
      program: 'migration',
      environment,
      readyMs,
      onLine: (line) => {
        keepMailedCode(line, codes)
        keepLine(name, line)
      },
    })
    running.set(name, process)
    changed()
  }
  const stop = async () => {
    await Promise.all([...running.values()].map((process) => process.stop()))
    running.clear()
    changed()
  }
  try {
    for (const name of options.names) await start(name)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    names: () => [...ports.keys()],
    urls: () => [...running.values()].map((process) => process.url),
    mailedCode: (address) => waitFor(() => codes.get(address) ?? null, 3_000),
    async kill(name) {
      const process = running.get(name)
      if (process === undefined) throw new Error(`no process "${name}" is running`)
      await process.kill()
      running.delete(name)
      changed()
    },
    start,
    stop,
  }
}

/** What both programs read from their environment. */
export function environmentOf(stores: RehearsalStores): Record<string, string> {
  return {
    NODE_ENV: 'development',
    LOG_LEVEL: 'info',
    DATABASE_URL: stores.postgresUrl,
    MONGO_URL: stores.mongoUrl,
    MONGO_DB: stores.databaseName,
    MONGO_IS_STAND_IN: stores.mongo.kind === 'stand-in' ? '1' : '0',
    LANDBRIDGE_REHEARSAL: '1',
    JWT_SECRET: rehearsalSecrets.jwt,
    CODE_HMAC_KEY: rehearsalSecrets.codes,
    WEBHOOK_SECRET_KEY: rehearsalSecrets.webhooks,
    TELEGRAM_BOT_TOKEN: rehearsalSecrets.telegramBot,
    EFFECT_INTERVAL_MS: '200',
  }
}

function keepMailedCode(line: string, codes: Map<string, string>): void {
  if (!line.includes('"mail"')) return
  const { to, mail } = JSON.parse(line) as { to?: unknown; mail?: { code?: unknown } }
  if (typeof to === 'string' && typeof mail?.code === 'string') codes.set(to, mail.code)
}

async function waitFor<T>(look: () => T | null, ms: number): Promise<T | null> {
  const until = Date.now() + ms
  for (;;) {
    const found = look()
    if (found !== null || Date.now() >= until) return found
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
