import { z } from 'zod'
import { type Config, ConfigError, readConfig } from '../platform/config.ts'

const migrationSchema = z.object({
  MONGO_URL: z.string().default('mongodb://127.0.0.1:27017/?replicaSet=rs0'),
  MONGO_DB: z.string().min(1).default('marketplace'),
  /** auto: connect while a unit needs MongoDB; always; never: start only if no unit needs it. */
  MONGO_CONNECT_MODE: z.enum(['auto', 'always', 'never']).default('auto'),
  NODE_NAME: z.string().min(1).default(`escrow-${process.pid}`),
})

/** What the program needs while units move, besides the application's own configuration. */
export interface MigrationConfig extends Config {
  mongoUrl: string
  mongoDatabase: string
  mongoConnectMode: 'auto' | 'always' | 'never'
  nodeName: string
}

export function readMigrationConfig(environment: Record<string, string | undefined>): MigrationConfig {
  const parsed = migrationSchema.safeParse(environment)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new ConfigError(`The environment does not make a configuration. ${lines.join('; ')}`)
  }
  return {
    ...readConfig(environment),
    mongoUrl: parsed.data.MONGO_URL,
    mongoDatabase: parsed.data.MONGO_DB,
    mongoConnectMode: parsed.data.MONGO_CONNECT_MODE,
    nodeName: parsed.data.NODE_NAME,
  }
}
