import { z } from 'zod'
import type { Engine } from '../../engine.ts'
import { jobSchema } from './job-queue.ts'

const lostSchema = z.object({
  pools: z.array(z.string()),
  chunks: z.array(z.string()),
  ended: z.array(z.number()),
})

/**
 * Gives the jobs of dead workers back to the queue, which by itself would wait for hours. A worker is dead when its
 * heartbeat is older than a node's may be. Whoever still holds the lock of such a job's chunk in Postgres is ended
 * first: the backend of a machine that is gone, or of a process that is frozen and must not go on when it wakes.
 * Each statement stands alone, because a worker that is frozen within a transaction would keep all others from it.
 * Answers how many jobs were given back.
 */
export async function releaseDeadWorkers(engine: Engine): Promise<number> {
  const deadAfterMs = engine.config.timing.nodeDeadAfterMs
  const lost = await endDeadHolders(engine, deadAfterMs)
  if (lost.chunks.length > 0) {
    await engine.pool.query(`select from ${jobSchema}.force_unlock_workers($1)`, [lost.pools])
    engine.log.warn(lost, 'chunks of dead workers are given back')
  }
  await engine.pool.query(
    "delete from landbridge.chunk_worker where heartbeat_at < clock_timestamp() - $1 * interval '1 millisecond'",
    [deadAfterMs],
  )
  return lost.chunks.length
}

/**
 * Finds jobs whose worker does not live. It tells its name with its first heartbeat, so a job is not lost before it has
 * been held for a while. Only who copies a chunk holds its lock alone; mirrors share it.
 */
async function endDeadHolders(engine: Engine, deadAfterMs: number): Promise<z.infer<typeof lostSchema>> {
  const { rows } = await engine.pool.query(
    `with lost as materialized (
       select split_part(j.key, ':', 2)::bigint as chunk, j.locked_by as pool from ${jobSchema}.jobs j
       where j.locked_at < clock_timestamp() - $1 * interval '1 millisecond' and j.key like 'chunk:%'
         and not exists (select from landbridge.chunk_worker w where w.pool = j.locked_by
           and w.heartbeat_at > clock_timestamp() - $1 * interval '1 millisecond')
     ), holders as materialized (
       select l.pid from pg_locks l
         join lost on ((l.classid::bigint << 32) | l.objid::bigint) = landbridge.chunk_lock_key(lost.chunk)
       where l.locktype = 'advisory' and l.objsubid = 1 and l.mode = 'ExclusiveLock' and l.granted
         and l.database = (select oid from pg_database where datname = current_database())
     ), ended as materialized (
       select pid from holders where pg_terminate_backend(pid)
     )
     select array(select distinct pool from lost) as pools, array(select chunk::text from lost) as chunks,
       array(select pid from ended) as ended`,
    [deadAfterMs],
  )
  return lostSchema.parse(rows[0])
}
