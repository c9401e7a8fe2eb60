import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks'
import type pg from 'pg'

/** What one request has sent to its stores so far: statements to Postgres (BEGIN and COMMIT too), commands to MongoDB. */
export interface QueryCount {
  queries: number
}

const counts = new AsyncLocalStorage<QueryCount>()

/** Work within `work`, whatever it starts, counts on `count`. */
export function countQueriesOn<T>(count: QueryCount, work: () => T): T {
  return counts.run(count, work)
}

/** Says that a query leaves for a store. Outside of a request nobody counts. */
export function countQuery(): void {
  const count = counts.getStore()
  if (count !== undefined) count.queries += 1
}

/** Every statement over this pool counts on the request that asked for it. */
export function countQueriesOf(pool: pg.Pool): void {
  pool.on('connect', countStatements)
  const connect = pool.connect.bind(pool) as (callback?: Connected) => unknown
  // A client that was waited for is handed over by whoever released it: the callback returns to its own request.
  const connectInContext = (callback?: Connected) =>
    callback === undefined ? connect() : connect(AsyncResource.bind(callback))
  pool.connect = connectInContext as typeof pool.connect
}

type Connected = (...answer: unknown[]) => void

function countStatements(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...parameters: unknown[]) => unknown
  const counted = (...parameters: unknown[]) => {
    countQuery()
    return query(...parameters)
  }
  client.query = counted as typeof client.query
}
