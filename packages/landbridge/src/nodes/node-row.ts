import type { ClientBase, Pool } from 'pg'
import { z } from 'zod'

const seenSchema = z.object({
  /** The last ping that the node answered. */
  ping: z.string().optional(),
  /** Unit -> what the node knows of it; the answer to an announcement. */
  units: z.record(z.string(), z.object({ epoch: z.string(), status: z.string() })).default({}),
})

/** What a node has seen; stored with its heartbeat. */
export type NodeSeen = z.infer<typeof seenSchema>

const nodeRowSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['application', 'operator', 'worker']),
  processId: z.number(),
  host: z.string(),
  build: z.string(),
  backendPids: z.array(z.number()),
  startedAt: z.date(),
  heartbeatAt: z.date(),
  live: z.boolean(),
  seen: seenSchema,
})

export type NodeRow = z.infer<typeof nodeRowSchema>
export type NodeKind = NodeRow['kind']

/** Every registered node; `live` by the database's clock, so that no node's own clock counts. */
export async function readNodes(client: Pool | ClientBase, deadAfterMs: number): Promise<NodeRow[]> {
  const { rows } = await client.query(
    `select id, name, kind, process_id as "processId", host, build, backend_pids as "backendPids",
       started_at as "startedAt", heartbeat_at as "heartbeatAt", seen,
       heartbeat_at > clock_timestamp() - $1 * interval '1 millisecond' as live
     from landbridge.node order by started_at, id`,
    [deadAfterMs],
  )
  return rows.map((row) => nodeRowSchema.parse(row))
}

/** Forgets nodes that have been dead for an hour: nothing of theirs can be in flight any more. */
export async function forgetOldNodes(client: Pool | ClientBase): Promise<void> {
  await client.query("delete from landbridge.node where heartbeat_at < now() - interval '1 hour'")
}
