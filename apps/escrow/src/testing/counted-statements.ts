import type pg from 'pg'

/** For tests: how many statements (Postgres) or commands (MongoDB) a piece of work sent to its store. */
export type CountStatements = (work: () => Promise<unknown>) => Promise<number>

/** Counts what goes over this pool, BEGIN and COMMIT included. */
export function statementsOf(pool: pg.Pool): CountStatements {
  let sent = 0
  const known = new WeakSet<pg.PoolClient>()
  pool.on('acquire', (client) => {
    if (known.has(client)) return
    known.add(client)
    const query = client.query.bind(client) as (...parameters: unknown[]) => unknown
    client.query = ((...parameters: unknown[]) => {
      sent += 1
      return query(...parameters)
    }) as typeof client.query
  })
  return async (work) => {
    const before = sent
    await work()
    return sent - before
  }
}
