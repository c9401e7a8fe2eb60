import type { CopyOfUnit } from '../fence/copy.ts'
import type { UnitRow } from '../fence/unit-row.ts'
import { authorityOf, type Phase, type Store } from '../phase.ts'

/** What this node knows of a unit now. Nothing of a unit is served while its authority is `unknown`. */
export interface UnitView {
  unit: string
  authority: Store | 'unknown'
  /** Null where only the copy in MongoDB, or nothing, could be read. */
  phase: Phase | null
  epoch: bigint | null
  /** New writes wait at the start of their transaction while this is true. */
  held: boolean
  /** When what this view tells was read. */
  freshAt: Date | null
  /** Why the authority is unknown, for people. */
  reason: string | null
}

export function viewOfRow(row: UnitRow, freshAt: Date): UnitView {
  return {
    unit: row.name,
    authority: authorityOf(row.phase),
    phase: row.phase,
    epoch: row.epoch,
    held: row.status !== 'open',
    freshAt,
    reason: null,
  }
}

/**
 * The copy rule (C4): a node that has not read the row for 2 s serves a unit only if the copy in MongoDB says that
 * MongoDB is the authority, and nothing of it while the copy says Postgres or is missing. A copy that is older than
 * the row that this node has read itself says nothing.
 */
export function viewOfCopy(
  unit: string,
  copy: CopyOfUnit | undefined,
  lastRow: UnitRow | undefined,
  freshAt: Date,
): UnitView {
  const unknown = (reason: string): UnitView => ({
    unit,
    authority: 'unknown',
    phase: null,
    epoch: copy?.epoch ?? null,
    held: false,
    freshAt,
    reason,
  })
  if (copy === undefined) return unknown('Postgres does not answer, and MongoDB holds no copy of the unit')
  if (copy.authority === 'postgres') return unknown('Postgres does not answer, and it is the authority')
  if (lastRow !== undefined && copy.epoch < lastRow.epoch && authorityOf(lastRow.phase) === 'postgres') {
    return unknown('Postgres does not answer, and the copy in MongoDB is older than what this node has seen')
  }
  return {
    unit,
    authority: 'mongo',
    phase: lastRow?.epoch === copy.epoch ? lastRow.phase : null,
    epoch: copy.epoch,
    held: false,
    freshAt,
    reason: null,
  }
}

export function unknownView(unit: string, reason: string): UnitView {
  return { unit, authority: 'unknown', phase: null, epoch: null, held: false, freshAt: null, reason }
}
