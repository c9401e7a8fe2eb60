import type { Engine } from '../engine.ts'
import type { NodeRow } from '../nodes/node-row.ts'
import { holdersOfUnit } from './old-transactions.ts'

/**
 * Ends what dead nodes left open in Postgres. A backend that began after the node's last heartbeat is somebody
 * else's, because Postgres gives pids out again.
 */
export async function endBackendsOf(engine: Engine, nodes: readonly NodeRow[]): Promise<number[]> {
  const ended: number[] = []
  for (const node of nodes) {
    const { rows } = await engine.pool.query(
      // Materialized: among the conditions of one query Postgres asks the cheapest first, and with many pids that is the
      // function that ends the backend, for every backend there is.
      `with dead as materialized (
         select pid from pg_stat_activity
         where pid = any($1) and backend_start <= $2 and datname = current_database()
       )
       select pid from dead where pg_terminate_backend(pid)`,
      [node.backendPids, node.heartbeatAt],
    )
    ended.push(...rows.map((row) => row.pid))
  }
  return ended
}

/** Ends whoever still holds the unit's lock after the announcement's wait: silent nodes, forgotten shells. */
export async function endHolders(engine: Engine, unit: string, olderThanMs: number): Promise<string[]> {
  const holders = (await holdersOfUnit(engine, unit)).filter((holder) => holder.ageMs > olderThanMs)
  for (const holder of holders) await engine.pool.query('select pg_terminate_backend($1)', [holder.pid])
  return holders.map((holder) => `${holder.what}, pid ${holder.pid}, ${Math.round(holder.ageMs)} ms old`)
}
