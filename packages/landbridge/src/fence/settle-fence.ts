import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'
import { assertUnit } from './assert-unit.ts'
import { readCopy, refuseRowThatWentBack } from './copy.ts'
import { undoFence } from './fence-steps.ts'
import { readUnitRow } from './unit-row.ts'

/**
 * Undoes a fence whose deadline has passed or whose coordinator is dead. What stands after a commit needs no undoing:
 * `assertUnit` finishes it. Answers true if there was one to undo.
 */
export async function settleFence(engine: Engine, unit: UnitConfig): Promise<boolean> {
  const row = await readUnitRow(engine.pool, unit.name)
  if (row.status === 'open' || row.fenceId === null) return false
  if (!(await isAbandoned(engine, unit.name, row.fenceId))) return false
  // An older row that came back in a failover must not be acted upon (C5).
  refuseRowThatWentBack(row, await readCopy(engine, unit.name))
  const undone = await undoFence(engine, unit.name, row.fenceId, {
    actor: engine.node.name,
    why: 'its deadline passed, or its coordinator is dead',
  })
  if (undone) await assertUnit(engine, unit)
  return undone
}

/** By the database's clock; a coordinator that is no registered node is bound by the deadline alone. */
async function isAbandoned(engine: Engine, unit: string, fenceId: string): Promise<boolean> {
  const { rows } = await engine.pool.query(
    `select u.fence_deadline < clock_timestamp()
       or exists (select from landbridge.node n where n.id = u.fence_node
         and n.heartbeat_at < clock_timestamp() - $3 * interval '1 millisecond') as abandoned
     from landbridge.unit u where u.name = $1 and u.fence_id = $2`,
    [unit, fenceId, engine.config.timing.nodeDeadAfterMs],
  )
  return rows[0]?.abandoned === true
}
