import { randomUUID } from 'node:crypto'
import { MongoClient, type MongoClientOptions } from 'mongodb'
import { Pool } from 'pg'
import { type Logger, pino } from 'pino'
import type { LandbridgeConfig } from './config.ts'
import type { Engine } from './engine.ts'
import { errorCodes, LandbridgeError } from './errors.ts'
import { mongoUnavailable, postgresUnavailable } from './install/server-checks.ts'
import { clientAppName } from './nodes/client-app-name.ts'

export interface OpenEngineOptions {
  config: LandbridgeConfig
  postgresUrl: string
  mongoUrl: string
  databaseName: string
  /** Name that people know the process by; shown by `landbridge nodes` and written into the audit log. */
  nodeName: string
  log?: Logger
  /** `connect` (the default) refuses to open without the store; `lazy` connects when something first asks. */
  postgres?: 'connect' | 'lazy'
  mongo?: 'connect' | 'lazy'
  poolSize?: number
}

export interface OpenEngine extends Engine, AsyncDisposable {
  close(): Promise<void>
}

/** A mirror or a marker that only a minority holds proves nothing (A10). */
const majority: MongoClientOptions = {
  readPreference: 'primary',
  readConcern: { level: 'majority' },
  writeConcern: { w: 'majority' },
}

/**
 * Connects to both stores and gives the value that every part of the engine takes first. It starts nothing: see
 * `install` and `startNode`. Throws LB_CONFIG, LB_POSTGRES_UNAVAILABLE, LB_MONGO_UNAVAILABLE.
 */
export async function openEngine(options: OpenEngineOptions): Promise<OpenEngine> {
  const log = options.log ?? pino({ name: 'landbridge', level: 'warn' }, pino.destination(2))
  const pool = new Pool({
    connectionString: options.postgresUrl,
    max: options.poolSize ?? 16,
    connectionTimeoutMillis: 5_000,
    application_name: `landbridge ${options.nodeName}`,
  })
  // A connection that the server ended; the pool replaces it, and whoever needs one sees the error itself. The pool
  // listens to idle clients only: one that is lost between two statements would end the process.
  const onLost = (error: Error) => log.warn({ err: error }, 'a Postgres connection ended')
  pool.on('error', onLost)
  pool.on('connect', (client) => client.on('error', onLost))
  const node = { id: randomUUID(), name: options.nodeName }
  const mongo = newMongoClient(options.mongoUrl, clientAppName(node))
  const mirrorClient = newMongoClient(options.mongoUrl, clientAppName(node))
  const close = async () => {
    await Promise.allSettled([pool.end(), mongo.close(), mirrorClient.close()])
  }
  try {
    if (options.postgres !== 'lazy') await checkPostgres(pool)
    if (options.mongo !== 'lazy') await checkMongo(mongo)
  } catch (error) {
    await close()
    throw error
  }
  return {
    config: options.config,
    pool,
    mongo,
    database: mongo.db(options.databaseName),
    mirrorClient,
    clock: { now: () => new Date() },
    log,
    node,
    close,
    [Symbol.asyncDispose]: close,
  }
}

function newMongoClient(url: string, appName: string): MongoClient {
  try {
    return new MongoClient(url, { ...majority, appName, serverSelectionTimeoutMS: 5_000 })
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new LandbridgeError(errorCodes.config, `MONGO_URL is not a connection string: ${message}`, {
      cause,
    })
  }
}

async function checkPostgres(pool: Pool): Promise<void> {
  await pool.query('select 1').catch((cause: unknown) => {
    throw postgresUnavailable(cause)
  })
}

async function checkMongo(client: MongoClient): Promise<void> {
  try {
    await client.connect()
    await client.db('admin').command({ ping: 1 })
  } catch (cause) {
    throw mongoUnavailable(cause)
  }
}
