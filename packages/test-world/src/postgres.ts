import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string
  }
}

export interface FreshDatabase extends AsyncDisposable {
  url: string
  pool: pg.Pool
}

/** An empty database of its own for one test (or one file): `await using database = await freshDatabase()`. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const server = inject('postgresUrl')
  const name = `test_${randomBytes(6).toString('hex')}`
  await onServer(server, `create database ${name}`)
  const address = new URL(server)
  address.pathname = `/${name}`
  const url = address.toString()
  const pool = new pg.Pool({ connectionString: url, max: 20 })
  // Connections that the server ends on purpose (killed backends, dropped databases) are part of the tests.
  pool.on('error', () => undefined)
  return {
    url,
    pool,
    [Symbol.asyncDispose]: async () => {
      await pool.end()
      await onServer(server, `drop database if exists ${name} with (force)`)
    },
  }
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
