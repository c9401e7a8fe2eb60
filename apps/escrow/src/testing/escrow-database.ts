import type pg from 'pg'
import { freshDatabase } from 'test-world/postgres'
import { migrateDatabase } from '../platform/migrate.ts'
import { postgresUnits } from '../postgres-units.ts'
import type { Units } from '../units.ts'

export interface EscrowDatabase extends AsyncDisposable {
  pool: pg.Pool
  url: string
  units: Units
}

/** For tests: a database of its own with the application's tables, and its units. */
export async function escrowDatabase(): Promise<EscrowDatabase> {
  const database = await freshDatabase()
  await migrateDatabase(database.pool)
  return {
    pool: database.pool,
    url: database.url,
    units: postgresUnits(database.pool),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}
