import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { LandbridgeConfig } from '../config.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'

const configName = 'landbridge.config.ts'

export interface Connections {
  postgresUrl: string
  mongoUrl: string
  databaseName: string
}

export interface LoadedConfig {
  path: string
  landbridge: LandbridgeConfig
  connections: Connections
}

const connectionsSchema = z.object({
  postgresUrl: z.string(),
  mongoUrl: z.string(),
  databaseName: z.string(),
})
const moduleSchema = z.object({
  landbridge: z.custom<LandbridgeConfig>(
    (value) => typeof value === 'object' && value !== null && 'units' in value && 'timing' in value,
    'export `landbridge = defineLandbridge({ ... })`',
  ),
  connections: z.custom<() => Promise<unknown>>((value) => typeof value === 'function').optional(),
})
const manifestSchema = z.object({ landbridge: z.object({ config: z.string() }).optional() })

/**
 * Loads the application's configuration: the given path, else `landbridge.config.ts` in this folder or one above it,
 * else the path that a package.json names as `landbridge.config`. The stores are those of its `connections()`, where
 * it has one that answers, else DATABASE_URL, MONGO_URL and MONGO_DB. Throws LB_CONFIG.
 */
export async function loadConfig(
  given: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<LoadedConfig> {
  const path = given === undefined ? findConfig(process.cwd()) : resolve(given)
  if (path === null || !existsSync(path)) {
    throw new LandbridgeError(
      errorCodes.config,
      path === null
        ? `no ${configName} here or above, and no package.json names one as landbridge.config; give it with --config PATH`
        : `${path} does not exist`,
    )
  }
  const loaded: unknown = await import(pathToFileURL(path).href).catch((cause: unknown) => {
    throw new LandbridgeError(errorCodes.config, `${path} cannot be loaded: ${String(cause)}`, { cause })
  })
  const parsed = moduleSchema.safeParse(loaded)
  if (!parsed.success) {
    throw new LandbridgeError(errorCodes.config, `${path}: ${parsed.error.issues[0]?.message}`)
  }
  const { landbridge, connections } = parsed.data
  const found = connections === undefined ? null : await connections()
  return { path, landbridge, connections: parseConnections(path, found ?? fromEnvironment(environment)) }
}

function parseConnections(path: string, found: unknown): Connections {
  const parsed = connectionsSchema.safeParse(found)
  if (parsed.success) return parsed.data
  const missing = parsed.error.issues.map((issue) => environmentName(String(issue.path[0])))
  throw new LandbridgeError(
    errorCodes.config,
    `the stores are not known: set ${missing.join(', ')}, or let ${path} export connections()`,
  )
}

function fromEnvironment(environment: NodeJS.ProcessEnv): Partial<Connections> {
  return {
    postgresUrl: environment.DATABASE_URL,
    mongoUrl: environment.MONGO_URL,
    databaseName: environment.MONGO_DB,
  }
}

function environmentName(field: string): string {
  return { postgresUrl: 'DATABASE_URL', mongoUrl: 'MONGO_URL', databaseName: 'MONGO_DB' }[field] ?? field
}

function findConfig(from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const beside = join(folder, configName)
    if (existsSync(beside)) return beside
    const named = namedConfig(join(folder, 'package.json'))
    if (named !== undefined) return resolve(folder, named)
    if (folder === dirname(folder)) return null
  }
}

function namedConfig(manifest: string): string | undefined {
  if (!existsSync(manifest)) return undefined
  const parsed = manifestSchema.safeParse(JSON.parse(readFileSync(manifest, 'utf8')))
  return parsed.success ? parsed.data.landbridge?.config : undefined
}
