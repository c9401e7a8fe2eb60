import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '../../engine.ts'
import { jobSchema, prepareJobQueue } from './job-queue.ts'
import { releaseDeadWorkers } from './release-dead.ts'

const PAUSE_MS = 50

/**
 * Takes a collection's chunks out of the queue and waits until nobody copies one any more: two plans of one collection
 * have other ranges and other locks, so their copies must not meet.
 */
export async function withdrawJobs(engine: Engine, collection: string, signal?: AbortSignal): Promise<void> {
  await prepareJobQueue(engine.pool, engine.log)
  // A chunk with an error is not put into the queue again, by whoever looks.
  await engine.pool.query(
    "update landbridge.chunk set error = 'the backfill begins anew' where collection = $1 and status = 'pending'",
    [collection],
  )
  while (signal?.aborted !== true) {
    const { rows } = await engine.pool.query<{ id: string; locked: boolean }>(
      `select j.id, j.locked_at is not null as locked from ${jobSchema}.jobs j
         join landbridge.chunk c on j.key = 'chunk:' || c.id where c.collection = $1`,
      [collection],
    )
    if (rows.length === 0) return
    const waiting = rows.filter((row) => !row.locked).map((row) => row.id)
    if (waiting.length > 0) {
      await engine.pool.query(`select from ${jobSchema}.complete_jobs($1::bigint[])`, [waiting])
    } else {
      await sleep(PAUSE_MS)
      await releaseDeadWorkers(engine)
    }
  }
}
