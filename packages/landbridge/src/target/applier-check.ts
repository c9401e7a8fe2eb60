import type { PoolClient } from 'pg'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { lockUnitShared, type UnitRow } from '../fence/unit-row.ts'
import { type Direction, directionOf } from '../phase.ts'

/**
 * Must come first in every transaction that mirrors, copies, repairs, drops an event or moves a position: takes the
 * unit's lock shared, reads its row and throws LB_WRONG_PHASE unless mirrors go in the expected direction. Without
 * it a stopped worker that wakes after a change of authority overwrites the truth (A6). A fence that is open does
 * not refuse: draining towards the store that will be the authority happens inside it.
 */
export async function lockForApplying(tx: PoolClient, unit: string, expected: Direction): Promise<UnitRow> {
  const row = await lockUnitShared(tx, unit)
  if (directionOf(row.phase) !== expected) {
    throw new LandbridgeError(
      errorCodes.wrongPhase,
      `unit "${unit}" is in phase "${row.phase}": nothing is mirrored ${expected === 'to-postgres' ? 'to Postgres' : 'to MongoDB'} there; nothing was written`,
      { detail: { unit, phase: row.phase, expected } },
    )
  }
  return row
}

/** Whether an applier was refused because of the unit's phase. */
export function isWrongPhase(error: unknown): boolean {
  return error instanceof LandbridgeError && error.code === errorCodes.wrongPhase
}
