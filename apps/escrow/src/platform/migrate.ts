import { fileURLToPath, pathToFileURL } from 'node:url'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import type pg from 'pg'
import { readConfig } from './config.ts'
import { createPool, databaseOf } from './database.ts'
import { migrateJobQueue } from './job-schema.ts'
import { ProgramError, runProgram } from './run-program.ts'

export const migrationsFolder = fileURLToPath(new URL('../../drizzle', import.meta.url))

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
  // A connection that is lost is told by the query that loses it.
  const pool = createPool(readConfig(process.env).databaseUrl, () => undefined)
  try {
    // Apart from the rest: a server that does not answer is no failed migration.
    await pool.query('select')
    await migrateDatabase(pool).catch((error: unknown) => {
      const described = describeMigrationError(error)
      throw new ProgramError('MIGRATION_FAILED', `nothing of it was kept.\n${described}`, { cause: error })
    })
    await migrateJobQueue(pool)
    console.error('The database is up to date.')
  } finally {
    await pool.end()
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await runProgram(main)
