import { fileURLToPath, pathToFileURL } from 'node:url'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { readConfig } from './config.ts'
import { databaseOf } from './database.ts'

const migrationsFolder = fileURLToPath(new URL('../../drizzle', import.meta.url))

/** Brings the application's tables up to this version. Safe to call twice; two at once wait for each other. */
export async function migrateDatabase(pool: pg.Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query("select pg_advisory_lock(hashtextextended('escrow.migrations', 0))")
    await migrate(databaseOf(pool), { migrationsFolder })
  } finally {
    // Destroyed, not given back: the lock goes with its session.
    client.release(true)
  }
}

/** Everything that the database says about a failure: drizzle-kit is known to keep it to itself. */
export function describeMigrationError(error: unknown): string {
  const lines: string[] = []
  for (let current = error; current instanceof Error; current = current.cause) {
    lines.push(current.message)
    for (const key of ['code', 'detail', 'hint', 'where', 'schema', 'table', 'constraint'] as const) {
      const value = (current as Partial<Record<typeof key, unknown>>)[key]
      if (typeof value === 'string') lines.push(`  ${key}: ${value}`)
    }
  }
  return lines.join('\n')
}

async function main(): Promise<void> {
  const pool = new pg.Pool({ connectionString: readConfig(process.env).databaseUrl, max: 2 })
  try {
    await migrateDatabase(pool)
    console.error('The database is up to date.')
  } catch (error) {
    console.error(`The migration failed; nothing of it was kept.\n${describeMigrationError(error)}`)
    process.exitCode = 1
  } finally {
    await pool.end()
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
