import { z } from 'zod'
import { type Config, ConfigError, readConfig, variablesOf } from '../platform/config.ts'

const migrationSchema = z.object({
  MONGO_URL: z.string().default('mongodb://127.0.0.1:27017/?replicaSet=rs0'),
  MONGO_DB: z.string().min(1).default('marketplace'),
  /** auto: connect while a unit needs MongoDB; always; never: start only if no unit needs it. */
  MONGO_CONNECT_MODE: z.enum(['auto', 'always', 'never']).default('auto'),
  NODE_NAME: z.string().min(1).default(`escrow-${process.pid}`),
})

/** The variables that are read while units move, besides the application's. */
export const migrationVariables = variablesOf(migrationSchema)

/** What the program needs while units move, besides the application's own configuration. */
export interface MigrationConfig extends Config {
  mongoUrl: string
  mongoDatabase: string
  mongoConnectMode: 'auto' | 'always' | 'never'
  nodeName: string
}

export function readMigrationConfig(environment: Record<string, string | undefined>): MigrationConfig {
  return { ...readConfig(environment), ...readMongoConfig(environment) }
}

/** What is needed of it by who works on MongoDB alone. */
export function readMongoConfig(
  environment: Record<string, string | undefined>,
): Omit<MigrationConfig, keyof Config> {
  const parsed = migrationSchema.safeParse(environment)
  if (!parsed.success) throw ConfigError.of(parsed.error)
  return {
    mongoUrl: parsed.data.MONGO_URL,
    mongoDatabase: parsed.data.MONGO_DB,
    mongoConnectMode: parsed.data.MONGO_CONNECT_MODE,
    nodeName: parsed.data.NODE_NAME,
  }
}
