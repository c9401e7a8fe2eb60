import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { type Database, databaseOf } from './database.ts'
import { DomainError } from './errors.ts'
import { isRetryable } from './postgres-error.ts'
import type { UnitStore } from './unit-store.ts'

export interface PostgresUnitOptions {
  /** Money asks for `serializable`; the others lock the rows that they decide on. */
  isolation?: 'read committed' | 'repeatable read' | 'serializable'
  /** How often one piece of work may run in all. */
  attempts?: number
}

/** A unit whose data lies in Postgres. */
export function postgresUnitStore<Repositories extends object>(
  pool: pg.Pool,
  makeRepositories: (db: Database) => Repositories,
  { isolation = 'read committed', attempts = 8 }: PostgresUnitOptions = {},
): UnitStore<Repositories> {
  const db = databaseOf(pool)
  return {
    read: makeRepositories(db),
    async transaction(work) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await db.transaction((tx) => work(makeRepositories(tx)), { isolationLevel: isolation })
        } catch (error) {
          if (!isRetryable(error)) throw error
          if (attempt >= attempts) throw contended(attempts, error)
          // Spread out, or the same two transactions meet again.
          await sleep(Math.random() * 8 * 2 ** attempt)
        }
      }
    },
  }
}

function contended(attempts: number, cause: unknown): DomainError {
  return new DomainError({
    code: 'CONTENDED',
    status: 503,
    title: 'Too much traffic on one record',
    detail: `Other calls changed the same record ${attempts} times meanwhile; nothing was written. Try again.`,
    retryAfter: 1,
    cause,
  })
}
