import { randomUUID } from 'node:crypto'
import type { PoolClient } from 'pg'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { writeAudit } from '../observe/audit.ts'
import { authorityOf, type Phase } from '../phase.ts'
import { isBusy } from '../target/sql-state.ts'
import { changeUnitRow } from './change-row.ts'
import { clearEvidence } from './clear-evidence.ts'
import { readUnitRow, type UnitRow } from './unit-row.ts'

/** One attempt to change a unit's authority. Every change of the row that belongs to it compares `id`. */
export interface Fence {
  id: string
  unit: string
  from: Phase
  to: Phase
  epoch: bigint
}

/** Tells nodes to hold new writes. Refuses where another fence stands, or a validator may be on its way off (C1). */
export async function announceFence(
  engine: Engine,
  change: { unit: string; from: Phase; to: Phase },
): Promise<Fence> {
  const { pauseBudgetMs, fenceDeadlineMs } = engine.config.timing
  return changeUnitRow(engine, change.unit, pauseBudgetMs, async (tx, row) => {
    expectPhase(row, change.from)
    refuseBusy(row)
    if (authorityOf(change.to) === 'postgres') await refuseWhileLifting(tx, row)
    const fence: Fence = { ...change, id: randomUUID(), epoch: row.epoch + 1n }
    await tx.query(
      `update landbridge.unit set status = 'announced', epoch = $2, fence_id = $3, fence_target = $4, fence_node = $5,
         fence_opened_at = null, fence_deadline = clock_timestamp() + $6 * interval '1 millisecond'
       where name = $1`,
      [fence.unit, fence.epoch, fence.id, fence.to, engine.node.id, fenceDeadlineMs],
    )
    return fence
  }).catch((error: unknown) => {
    if (!isBusy(error)) throw error
    throw new LandbridgeError(
      errorCodes.fenceBusy,
      `unit ${change.unit}: a transaction holds the unit for longer than the pause may last (${pauseBudgetMs} ms); nothing was begun, try again`,
      { cause: error },
    )
  })
}

/** From this commit on Postgres refuses the unit's writes; the nodes' and everybody's. */
export async function openFence(engine: Engine, fence: Fence, timeoutMs: number): Promise<UnitRow> {
  return changeUnitRow(engine, fence.unit, timeoutMs, async (tx) => {
    const { rowCount } = await tx.query(
      `update landbridge.unit set status = 'fenced', fence_opened_at = clock_timestamp(),
         fence_deadline = clock_timestamp() + $3 * interval '1 millisecond'
       where name = $1 and fence_id = $2 and status = 'announced' and fence_deadline > clock_timestamp()`,
      [fence.unit, fence.id, engine.config.timing.fenceDeadlineMs],
    )
    if (rowCount !== 1) throw lostFence(fence)
    return readUnitRow(tx, fence.unit)
  })
}

export interface CommitOptions {
  actor: string
  /** A drill's round trip leaves the evidence of the unit's last real steps as it is. */
  drill: boolean
  detail: Record<string, unknown>
}

/** The point of no return: one compare-and-set on the fence's id, its status and its deadline. */
export async function commitFence(engine: Engine, fence: Fence, options: CommitOptions): Promise<void> {
  await changeUnitRow(engine, fence.unit, engine.config.timing.pauseBudgetMs, async (tx) => {
    const { rowCount } = await tx.query(
      `update landbridge.unit set phase = $3, status = 'open', fence_id = null, fence_target = null,
         fence_node = null, fence_opened_at = null, fence_deadline = null, changed_at = clock_timestamp()
       where name = $1 and fence_id = $2 and status = 'fenced' and fence_deadline > clock_timestamp()`,
      [fence.unit, fence.id, fence.to],
    )
    if (rowCount !== 1) throw lostFence(fence)
    await noteEntered(tx, { ...fence, drill: options.drill })
    await writeAudit(tx, {
      actor: options.actor,
      action: 'change-phase',
      unit: fence.unit,
      detail: { from: fence.from, to: fence.to, epoch: fence.epoch, drill: options.drill, ...options.detail },
    })
  })
}

/** Takes a fence back that has not been committed. Answers false where there is none of that id any more. */
export async function undoFence(
  engine: Engine,
  unit: string,
  fenceId: string,
  reason: { actor: string; why: string },
): Promise<boolean> {
  return changeUnitRow(engine, unit, engine.config.timing.fenceDeadlineMs, async (tx) => {
    const { rows } = await tx.query(
      `update landbridge.unit set status = 'open', epoch = epoch + 1, fence_id = null, fence_target = null,
         fence_node = null, fence_opened_at = null, fence_deadline = null, changed_at = clock_timestamp()
       where name = $1 and fence_id = $2 returning phase, epoch`,
      [unit, fenceId],
    )
    const row = rows[0]
    if (row === undefined) return false
    await writeAudit(tx, {
      actor: reason.actor,
      action: 'undo-fence',
      unit,
      detail: { phase: row.phase, epoch: row.epoch, why: reason.why },
    })
    return true
  })
}

/** A step between two phases of the same authority: one compare-and-set, no fence. */
export async function stepPhase(
  engine: Engine,
  change: { unit: string; from: Phase; to: Phase; actor: string; detail: Record<string, unknown> },
): Promise<bigint> {
  return changeUnitRow(engine, change.unit, engine.config.timing.fenceDeadlineMs, async (tx, row) => {
    expectPhase(row, change.from)
    refuseBusy(row)
    const epoch = row.epoch + 1n
    await tx.query(
      'update landbridge.unit set phase = $2, epoch = $3, changed_at = clock_timestamp() where name = $1',
      [change.unit, change.to, epoch],
    )
    await noteEntered(tx, { ...change, epoch, drill: false })
    await writeAudit(tx, {
      actor: change.actor,
      action: 'change-phase',
      unit: change.unit,
      detail: { from: change.from, to: change.to, epoch, ...change.detail },
    })
    return epoch
  })
}

/**
 * Evidence counts from the unit's last step out of `mongo` (gates 1 to 4), into `shadow` (5 to 8) and into `postgres`
 * (9); so a step back into `mirror` is not an entry. A step into `mongo` clears everything that was measured (A16).
 */
async function noteEntered(
  tx: PoolClient,
  change: { unit: string; from: Phase; to: Phase; epoch: bigint; drill: boolean },
): Promise<void> {
  if (change.to === 'mongo') await clearEvidence(tx, change.unit)
  if (change.drill || (change.to === 'mirror' && change.from !== 'mongo')) return
  await tx.query(
    `update landbridge.unit
     set entered = entered || jsonb_build_object($2::text, jsonb_build_object('epoch', $3::bigint, 'at', clock_timestamp()))
     where name = $1`,
    [change.unit, change.to, change.epoch],
  )
}

function expectPhase(row: UnitRow, expected: Phase): void {
  if (row.phase === expected) return
  throw new LandbridgeError(
    errorCodes.stepNotAllowed,
    `unit ${row.name} is in phase ${row.phase} and not in ${expected} any more; look at \`landbridge status\` and try again`,
  )
}

function refuseBusy(row: UnitRow): void {
  if (row.status === 'open') return
  throw new LandbridgeError(
    errorCodes.fenceBusy,
    `unit ${row.name}: another change to ${row.fenceTarget} is under way; it ends, or is undone, by ${row.fenceDeadline?.toISOString()}`,
  )
}

async function refuseWhileLifting(tx: PoolClient, row: UnitRow): Promise<void> {
  const { rows } = await tx.query(
    'select until from landbridge.lifting where unit = $1 and until > clock_timestamp()',
    [row.name],
  )
  if (rows.length === 0) return
  throw new LandbridgeError(
    errorCodes.fenceBusy,
    `unit ${row.name}: a process may still be opening its collections in MongoDB; try again after ${rows[0]?.until.toISOString()}`,
  )
}

function lostFence(fence: Fence): LandbridgeError {
  return new LandbridgeError(
    errorCodes.fenceUndone,
    `unit ${fence.unit}: the fence towards ${fence.to} was undone meanwhile (its deadline passed); nothing changed, try again`,
  )
}
