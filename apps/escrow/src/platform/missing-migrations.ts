import { readMigrationFiles } from 'drizzle-orm/migrator'
import type pg from 'pg'
import type { Logger } from './logger.ts'
import { migrationsFolder } from './migrate.ts'
import { postgresErrorOf } from './postgres-error.ts'
import { explain } from './run-program.ts'

/** How many migrations of this version the database has not seen. */
export async function missingMigrations(pool: pg.Pool): Promise<number> {
  const known = readMigrationFiles({ migrationsFolder })
  const applied = await newestApplied(pool)
  return known.filter(({ folderMillis }) => folderMillis > applied).length
}

/**
 * Says at the start what is wrong with the database, once and in words. The program starts all the same: it answers
 * 503 until the database is as it should be, and then goes on by itself.
 */
export async function warnOfDatabase(pool: pg.Pool, logger: Logger): Promise<void> {
  try {
    const missing = await missingMigrations(pool)
    if (missing > 0) {
      logger.error({ missing }, `the database lacks ${missing} migrations: run \`npm run db:migrate\``)
    }
  } catch (error) {
    logger.error({ err: error }, explain(error) ?? 'the database cannot be looked at')
  }
}

async function newestApplied(pool: pg.Pool): Promise<number> {
  try {
    const { rows } = await pool.query<{ newest: string | null }>(
      'select max(created_at) as newest from drizzle.__drizzle_migrations',
    )
    return Number(rows[0]?.newest ?? 0)
  } catch (error) {
    // No such table: none was ever applied.
    if (postgresErrorOf(error)?.code === '42P01') return 0
    throw error
  }
}
