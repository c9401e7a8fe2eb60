import { hostname } from 'node:os'
import type { Pool } from 'pg'
import type { Engine } from '../engine.ts'
import type { NodeKind } from './node-row.ts'
import type { Report } from './unit-watch.ts'

/**
 * The statement that stores a node's heartbeat with what it has seen. It registers the node as well, so that a node
 * that was started while Postgres was away appears with its first reading.
 */
export function heartbeat(engine: Engine, kind: NodeKind, backendPids: () => number[]): Report {
  return (seen) => ({
    text: `insert into landbridge.node as n (id, name, kind, process_id, host, build, backend_pids, seen)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (id) do update set heartbeat_at = clock_timestamp(),
         backend_pids = excluded.backend_pids, seen = excluded.seen`,
    values: [
      engine.node.id,
      engine.node.name,
      kind,
      process.pid,
      hostname(),
      engine.config.build,
      backendPids(),
      JSON.stringify(seen),
    ],
  })
}

/**
 * Follows which Postgres backends belong to this process, so that a coordinator can end those of a node that has
 * fallen silent while it holds a lock.
 */
export function trackBackends(pools: readonly Pool[]): () => number[] {
  const pids = new Set<number>()
  for (const pool of pools) {
    pool.on('connect', (client) => {
      const pid = backendPid(client)
      if (pid !== undefined) pids.add(pid)
    })
    pool.on('remove', (client) => {
      const pid = backendPid(client)
      if (pid !== undefined) pids.delete(pid)
    })
  }
  return () => [...pids]
}

/** node-postgres keeps the backend's pid on the client, though its types do not say so. */
function backendPid(client: object): number | undefined {
  const pid = 'processID' in client ? client.processID : undefined
  return typeof pid === 'number' ? pid : undefined
}
