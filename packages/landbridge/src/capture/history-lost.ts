import type { ClientBase } from 'pg'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { inTransaction } from '../target/transaction.ts'
import { captureName, type Position } from './position.ts'

/** Units in whose phase something is mirrored: events of the others are dropped anyway. */
const mirrored = "phase in ('mirror', 'shadow', 'postgres')"

/**
 * Says of every unit that is on its way that changes may have been missed, and lets the capture begin anew at the
 * position, in one transaction. The units must be verified and repaired before they may advance. The stream behind
 * the position must be open already, so that repair begins after it.
 */
export async function recordLostHistory(engine: Engine, start: Position, detail: string): Promise<void> {
  await inTransaction(engine.pool, {}, async (tx) => {
    const units = await noteUnits(tx, detail)
    const moved = await tx.query(
      `insert into landbridge.position as stored (capture, cluster_time, resume_token, lost_at)
       values ($1, $2, $3, now())
       on conflict (capture) do update set cluster_time = excluded.cluster_time,
         resume_token = excluded.resume_token, lost_at = now(), updated_at = now()
       where stored.cluster_time <= excluded.cluster_time`,
      [captureName, String(start.clusterTime), JSON.stringify(start.token)],
    )
    if (moved.rowCount === 0) throw clusterWentBack(start)
    engine.log.error({ units, detail }, 'the change stream has lost history: verify and repair these units')
    await audit(engine, tx, units, detail)
  })
}

/** One collection was dropped or renamed: no event tells of its documents. */
export async function noteCollectionLost(tx: ClientBase, unit: string, detail: string): Promise<void> {
  await tx.query(
    `insert into landbridge.history_lost (unit, detail) values ($1, $2)
     on conflict (unit) do update set detail = excluded.detail, since = now()`,
    [unit, detail],
  )
}

async function noteUnits(tx: ClientBase, detail: string): Promise<string[]> {
  const { rows } = await tx.query<{ name: string }>(
    `select name from landbridge.unit where ${mirrored} order by name`,
  )
  for (const { name } of rows) await noteCollectionLost(tx, name, detail)
  return rows.map((row) => row.name)
}

async function audit(engine: Engine, tx: ClientBase, units: string[], detail: string): Promise<void> {
  await tx.query('insert into landbridge.audit (actor, action, detail) values ($1, $2, $3)', [
    engine.node.name,
    'capture.history-lost',
    JSON.stringify({ units, detail }),
  ])
}

function clusterWentBack(start: Position): LandbridgeError {
  return new LandbridgeError(
    errorCodes.historyLost,
    `MongoDB's cluster time (${start.clusterTime}) lies before the stored position: this is another cluster, or a restored one. An operator must decide: delete the row of landbridge.position to begin anew, then verify and repair every unit`,
    { detail: { clusterTime: String(start.clusterTime) } },
  )
}
