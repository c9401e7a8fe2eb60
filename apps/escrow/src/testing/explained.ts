import { drizzle } from 'drizzle-orm/node-postgres'
import type pg from 'pg'
import type { Database } from '../platform/database.ts'

/** For tests: the plans of everything that a piece of work asks, as text; each is explained first and then run. */
export async function plansOf(pool: pg.Pool, work: (db: Database) => Promise<unknown>): Promise<string> {
  const client = await pool.connect()
  const plans: string[] = []
  const explainFirst = async (query: pg.QueryConfig, values?: unknown[]) => {
    const { rows } = await client.query({ text: `explain ${query.text}`, values: values ?? query.values })
    plans.push(...rows.map((row) => row['QUERY PLAN']))
    return client.query(query, values)
  }
  try {
    const explained = new Proxy(client, {
      get: (target, key) => (key === 'query' ? explainFirst : Reflect.get(target, key)),
    })
    await work(drizzle(explained))
    return plans.join('\n')
  } finally {
    client.release(true)
  }
}
