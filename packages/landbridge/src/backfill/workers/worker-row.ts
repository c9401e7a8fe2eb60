import { hostname } from 'node:os'
import type { ClientBase, Pool } from 'pg'
import { z } from 'zod'
import type { Engine } from '../../engine.ts'

const workerRowSchema = z.object({
  id: z.string(),
  name: z.string(),
  host: z.string(),
  processId: z.number(),
  units: z.array(z.string()),
  throttled: z.record(z.string(), z.string()),
  startedAt: z.date(),
})

/** A process that copies chunks and is alive. */
export type WorkerRow = z.infer<typeof workerRowSchema>

/** What a worker tells of itself with each heartbeat. */
export interface WorkerReport {
  id: string
  pool: string | null
  units: readonly string[]
  /** Unit -> why it takes no chunk of it at present. */
  throttled: Record<string, string>
}

export async function storeHeartbeat(engine: Engine, report: WorkerReport): Promise<void> {
  await engine.pool.query(
    `insert into landbridge.chunk_worker as w (id, name, host, process_id, pool, units, throttled)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (id) do update set heartbeat_at = clock_timestamp(), pool = excluded.pool,
       units = excluded.units, throttled = excluded.throttled`,
    [
      report.id,
      engine.node.name,
      hostname(),
      process.pid,
      report.pool,
      report.units,
      JSON.stringify(report.throttled),
    ],
  )
}

export async function signOff(engine: Engine, id: string): Promise<void> {
  await engine.pool.query('delete from landbridge.chunk_worker where id = $1', [id])
}

/** The living, oldest first: the order in which they may work where their number is limited. */
export async function readWorkers(client: Pool | ClientBase, deadAfterMs: number): Promise<WorkerRow[]> {
  const { rows } = await client.query(
    `select id, name, host, process_id as "processId", units, throttled, started_at as "startedAt"
     from landbridge.chunk_worker where heartbeat_at > clock_timestamp() - $1 * interval '1 millisecond'
     order by started_at, id`,
    [deadAfterMs],
  )
  return rows.map((row) => workerRowSchema.parse(row))
}
