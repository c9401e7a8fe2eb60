import type { PoolClient } from 'pg'
import type { Engine } from '../../engine.ts'
import { inTransaction } from '../../target/transaction.ts'
import { jobSchema } from './job-queue.ts'

/**
 * Gives the jobs of dead workers back to the queue, which by itself would wait for hours. A worker is dead when its
 * heartbeat is older than a node's may be. Whoever still holds the lock of such a job's chunk in Postgres is ended
 * first: the backend of a machine that is gone, or of a process that is frozen and must not go on when it wakes.
 * Answers how many jobs were given back.
 */
export async function releaseDeadWorkers(engine: Engine): Promise<number> {
  const deadAfterMs = engine.config.timing.nodeDeadAfterMs
  return inTransaction(engine.pool, {}, async (tx) => {
    // Every worker looks each second; one of them is enough.
    const { rows } = await tx.query<{ mine: boolean }>(
      "select pg_try_advisory_xact_lock(hashtextextended('landbridge:release-dead', 0)) as mine",
    )
    if (rows[0]?.mine !== true) return 0
    const lost = await lostJobs(tx, deadAfterMs)
    if (lost.length > 0) {
      const ended = await endHoldersOfChunks(
        tx,
        lost.map((job) => job.chunk),
      )
      const pools = [...new Set(lost.map((job) => job.pool))]
      await tx.query(`select from ${jobSchema}.force_unlock_workers($1)`, [pools])
      engine.log.warn(
        { pools, chunks: lost.map((job) => job.chunk), ended },
        'chunks of dead workers are given back',
      )
    }
    await tx.query(
      "delete from landbridge.chunk_worker where heartbeat_at < clock_timestamp() - $1 * interval '1 millisecond'",
      [deadAfterMs],
    )
    return lost.length
  })
}

/** A worker tells its name with its first heartbeat, so a job is not lost before it has been held for a while. */
async function lostJobs(tx: PoolClient, deadAfterMs: number): Promise<{ chunk: string; pool: string }[]> {
  const { rows } = await tx.query<{ chunk: string; pool: string }>(
    `select split_part(j.key, ':', 2) as chunk, j.locked_by as pool from ${jobSchema}.jobs j
     where j.locked_at < clock_timestamp() - $1 * interval '1 millisecond' and j.key like 'chunk:%'
       and not exists (select from landbridge.chunk_worker w where w.pool = j.locked_by
         and w.heartbeat_at > clock_timestamp() - $1 * interval '1 millisecond')`,
    [deadAfterMs],
  )
  return rows
}

/** Only who copies a chunk holds its lock alone; mirrors share it. */
async function endHoldersOfChunks(tx: PoolClient, chunks: readonly string[]): Promise<number[]> {
  const { rows } = await tx.query<{ pid: number }>(
    `with holders as materialized (
       select l.pid from pg_locks l
         join unnest($1::bigint[]) as chunk (id)
           on ((l.classid::bigint << 32) | l.objid::bigint) = landbridge.chunk_lock_key(chunk.id)
       where l.locktype = 'advisory' and l.objsubid = 1 and l.mode = 'ExclusiveLock' and l.granted
         and l.database = (select oid from pg_database where datname = current_database())
     )
     select pid from holders where pg_terminate_backend(pid)`,
    [chunks],
  )
  return rows.map((row) => row.pid)
}
