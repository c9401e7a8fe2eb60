import type { ClientBase, Pool } from 'pg'
import { z } from 'zod'
import { maxFailedChunks } from '../chunk-store.ts'
import { jobSchema } from './job-queue.ts'

/** What a job names: the chunk's row holds everything else. */
export const chunkJobSchema = z.object({
  chunk: z.string(),
  unit: z.string(),
  collection: z.string(),
  /** The first chunk that is left is read back whole, so that a fault of the encoding shows early. */
  first: z.boolean(),
})

/** A worker takes the tasks that it knows, so each unit has one of its own. */
export function taskOf(unit: string): string {
  return `copy:${unit}`
}

/** A job may be given back by many workers that were killed, and is done in the end. */
const MAX_ATTEMPTS = 30_000
/** Jobs that are put into the queue by one statement. */
const BATCH = 5_000

/**
 * Puts a job into the queue for each pending chunk that has none: new ones, those whose job was lost or given up
 * because somebody held the chunk. Chunks that failed wait for the next call of `backfill`, and nothing is copied for
 * units that are not mirrored to Postgres. Chunks of a dump are copied by the call that has it. The chunks' rows are
 * the truth; a job too many finds its chunk done.
 */
export async function enqueueChunks(client: Pool | ClientBase, units: readonly string[]): Promise<number> {
  let total = 0
  for (;;) {
    const { rows } = await client.query<{ added: number }>(
      `with waiting as (
         select c.id, c.unit, c.collection,
           c.id = (select min(f.id) from landbridge.chunk f
             where f.collection = c.collection and f.status = 'pending') as first
         from landbridge.chunk c join landbridge.unit u on u.name = c.unit
         where c.unit = any($1) and c.status = 'pending' and c.error is null and c.dump_time is null
           and u.phase in ('mirror', 'shadow')
           and not exists (select from ${jobSchema}.jobs j where j.key = 'chunk:' || c.id)
           and (select count(*) from landbridge.chunk f
             where f.collection = c.collection and f.status = 'pending' and f.error is not null) < ${maxFailedChunks}
         order by c.id limit ${BATCH}
       ), specs as (
         select array_agg(row('copy:' || unit,
           json_build_object('chunk', id::text, 'unit', unit, 'collection', collection, 'first', first),
           null, null, ${MAX_ATTEMPTS}, 'chunk:' || id, 0, array[unit])::${jobSchema}.job_spec order by id) as list
         from waiting
       )
       select (select count(*)::int from ${jobSchema}.add_jobs(list)) as added from specs where list is not null`,
      [units],
    )
    const added = rows[0]?.added ?? 0
    total += added
    if (added < BATCH) return total
  }
}
