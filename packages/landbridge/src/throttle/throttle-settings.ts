import type { ClientBase, Pool } from 'pg'
import { z } from 'zod'
import { identifier } from '../target/identifier.ts'

const settingsSchema = z.object({
  /** An operator's own reason to stop. */
  pausedBecause: z.string().trim().min(1).nullable(),
  documentsPerSecond: z.number().int().positive().nullable(),
  /** Chunks in flight; null leaves it to the config. */
  workers: z.number().int().min(1).max(16).nullable(),
  postgresLatencyMs: z.number().int().positive(),
  mongoLatencyMs: z.number().int().positive(),
  replicationLagMs: z.number().int().positive(),
  /** While this file exists, the process that sees it stops. */
  flagFile: z.string().min(1).nullable(),
  /** A query of one value: the reason to stop, or null. */
  query: z.string().min(1).nullable(),
})

/** What backfill and verify may take from the stores; changed while they run. */
export type ThrottleSettings = z.infer<typeof settingsSchema>

const columnOf: Record<keyof ThrottleSettings, string> = {
  pausedBecause: 'paused_because',
  documentsPerSecond: 'documents_per_second',
  workers: 'workers',
  postgresLatencyMs: 'postgres_latency_ms',
  mongoLatencyMs: 'mongo_latency_ms',
  replicationLagMs: 'replication_lag_ms',
  flagFile: 'flag_file',
  query: 'query',
}

export async function readThrottle(client: Pool | ClientBase): Promise<ThrottleSettings> {
  const columns = Object.entries(columnOf).map(
    ([name, column]) => `${identifier(column)} as ${identifier(name)}`,
  )
  const { rows } = await client.query(`select ${columns.join(', ')} from landbridge.throttle`)
  return settingsSchema.parse(rows[0])
}

/** Changes what is named and leaves the rest; throws a ZodError for values that make no sense. */
export async function setThrottle(
  client: Pool | ClientBase,
  change: Partial<ThrottleSettings>,
  by: string,
): Promise<ThrottleSettings> {
  const wanted = settingsSchema.partial().parse(change)
  const names = (Object.keys(wanted) as (keyof ThrottleSettings)[]).filter(
    (name) => wanted[name] !== undefined,
  )
  const assignments = names.map((name, i) => `${identifier(columnOf[name])} = $${i + 2}`)
  await client.query(
    `update landbridge.throttle set ${['set_by = $1', 'set_at = now()', ...assignments].join(', ')}`,
    [by, ...names.map((name) => wanted[name])],
  )
  return readThrottle(client)
}
