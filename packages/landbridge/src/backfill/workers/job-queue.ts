import { runMigrations, Logger as WorkerLogger } from 'graphile-worker'
import { Pool } from 'pg'
import type { Logger } from 'pino'
import type { Engine } from '../../engine.ts'
import { inTransaction } from '../../target/transaction.ts'

/** The engine's jobs live in a schema of their own: an application's queue is not touched, and `finish` drops it. */
export const jobSchema = 'landbridge_jobs'

/** A busy process may be late to notice that it is connected. */
const CONNECT_MS = 30_000

/** graphile-worker reports each job by itself; what matters to operators are warnings and failures. */
export function jobLogger(log: Logger): WorkerLogger {
  return new WorkerLogger(({ label }) => (level, message) => {
    if (level === 'error' || level === 'warning') log.warn({ part: label }, message)
    else log.debug({ part: label }, message)
  })
}

/**
 * A pool of the queue's own: it keeps one connection to listen on, which chunks would miss where many backfills run in
 * one process.
 */
export function openQueuePool(engine: Engine): Pool {
  const pool = new Pool({ ...engine.pool.options, max: 2, connectionTimeoutMillis: CONNECT_MS })
  listenForLostConnections(pool, engine.log)
  return pool
}

const prepared = new WeakMap<Pool, Promise<void>>()

/** Makes the queue's tables where they are missing; once for a process, and one process at a time. */
export function prepareJobQueue(pool: Pool, log: Logger): Promise<void> {
  const known = prepared.get(pool)
  if (known !== undefined) return known
  const preparing = makeTables(pool, log)
  prepared.set(pool, preparing)
  preparing.catch(() => prepared.delete(pool))
  return preparing
}

/** Its migrations commit one by one: who looked without the lock could find half of the tables. */
async function makeTables(pool: Pool, log: Logger): Promise<void> {
  listenForLostConnections(pool, log)
  await inTransaction(pool, {}, async (tx) => {
    await tx.query("select pg_advisory_xact_lock(hashtextextended('landbridge:jobs', 0))")
    const { rows } = await tx.query('select to_regclass($1) is not null as there', [`${jobSchema}.jobs`])
    if (rows[0]?.there === true) return
    await runMigrations({ pgPool: pool, schema: jobSchema, noHandleSignals: true, logger: jobLogger(log) })
  })
}

/** The queue asks for both listeners: a client that is lost while nobody uses it would end the process. */
function listenForLostConnections(pool: Pool, log: Logger): void {
  // The error of node-postgres carries its whole client.
  const onLost = (error: Error) => log.warn({ reason: error.message }, 'a Postgres connection ended')
  if (pool.listenerCount('error') === 0) pool.on('error', onLost)
  if (pool.listenerCount('connect') === 0) pool.on('connect', (client) => client.on('error', onLost))
}
