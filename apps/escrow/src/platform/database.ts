import { drizzle, type NodePgQueryResultHKT } from 'drizzle-orm/node-postgres'
import type { PgDatabase } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { countQueriesOf } from './query-count.ts'

/** A Drizzle database or a transaction of one: what a Postgres repository is made of. */
export type Database = PgDatabase<NodePgQueryResultHKT, Record<string, never>>

export function databaseOf(pool: pg.Pool): Database {
  return drizzle(pool)
}

/**
 * A pool whose connections may lose their server without ending the process: the next query reports the trouble. The
 * pool itself listens to idle clients only; one that is lost between two statements of a transaction needs a listener
 * of its own, or its error event ends the process.
 */
export function createPool(url: string, onLost: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 5_000,
    application_name: 'escrow',
  })
  pool.on('error', onLost)
  pool.on('connect', (client) => client.on('error', onLost))
  countQueriesOf(pool)
  return pool
}
