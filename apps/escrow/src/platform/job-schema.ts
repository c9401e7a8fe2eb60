import { runMigrations, Logger as WorkerLogger } from 'graphile-worker'
import type pg from 'pg'

/** The schema in which the job queue keeps its tables. */
export const jobSchema = 'graphile_worker'

/**
 * Brings the job queue's own tables up to its version. Safe to call twice, and by two at once. The queue would do it
 * when it starts, but the role under which the program runs may not make anything.
 */
export async function migrateJobQueue(pool: pg.Pool): Promise<void> {
  await runMigrations({
    pgPool: pool,
    noHandleSignals: true,
    logger: new WorkerLogger(() => () => undefined),
  })
}
