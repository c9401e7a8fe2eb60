import { z } from 'zod'
import { type Config, ConfigError, readConfig, variablesOf } from '../src/platform/config.ts'

const developmentPassword = 'development-only-administrator'

const adminSchema = z.object({
  ADMIN_EMAIL: z
    .email()
    .transform((email) => email.toLowerCase())
    .default('admin@example.com'),
  ADMIN_PASSWORD: z.string().min(12).max(200).default(developmentPassword),
})

/** The variables that the seed reads besides the application's. */
export const seedVariables = variablesOf(adminSchema)

export interface SeedConfig extends Config {
  administrator: { email: string; password: string }
}

/** The configuration of the service and who its first administrator is. Refuses a known password in production. */
export function readSeedConfig(environment: Record<string, string | undefined>): SeedConfig {
  const config = readConfig(environment)
  const parsed = adminSchema.safeParse(environment)
  if (!parsed.success) {
    throw ConfigError.of(parsed.error)
  }
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = parsed.data
  if (config.environment === 'production' && password === developmentPassword) {
    throw new ConfigError(
      'Production needs an administrator of its own: set ADMIN_EMAIL and ADMIN_PASSWORD (12 characters or more).',
    )
  }
  return { ...config, administrator: { email, password } }
}
