import type { PoolClient } from 'pg'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { lockUnitShared } from '../fence/unit-row.ts'
import type { Mapping } from '../mapping/types.ts'
import { type MirrorTarget, targetsOf } from '../mirror/mirror-target.ts'
import { refusalOf } from '../mirror/refusal-of-fault.ts'
import { type Refusal, readSourceStates } from '../mirror/source-state.ts'
import { mirrorToPostgres } from '../mirror/to-postgres.ts'
import { directionOf } from '../phase.ts'
import { insertEntities, readEntities } from '../target/entities.ts'
import { databaseFault, isDataFault } from '../target/sql-state.ts'
import { inTransaction } from '../target/transaction.ts'
import { readRefusals, takeOutOfQuarantine } from './quarantine.ts'

export type ReleaseOutcome =
  /** Mapped: its rows are in Postgres, and it stands in quarantine no more. */
  | { outcome: 'released' }
  /** MongoDB holds it no more, and neither does the quarantine. */
  | { outcome: 'gone' }
  /** Still cannot be mapped. */
  | { outcome: 'refused'; refusal: Refusal }
  /** Could not be tried now; try again. */
  | { outcome: 'busy' }

/**
 * Tries a quarantined document again, as it stands in MongoDB now. While MongoDB is the authority that is a mirror
 * like any other. In phase `postgres` MongoDB holds the only original, which a mirror by state would delete: there
 * the document is brought into Postgres as the application would have written it, triggers and constraints included.
 */
export async function releaseFromQuarantine(
  engine: Engine,
  mapping: Mapping,
  rawId: unknown,
): Promise<ReleaseOutcome> {
  const [target] = await targetsOf(engine, mapping, [rawId])
  if (target === undefined) return { outcome: 'gone' }
  const { phase } = await inTransaction(engine.pool, {}, (tx) => lockUnitShared(tx, mapping.unit))
  return directionOf(phase) === 'to-postgres'
    ? releaseByMirror(engine, mapping, target)
    : releaseIntoAuthority(engine, mapping, target)
}

async function releaseByMirror(
  engine: Engine,
  mapping: Mapping,
  target: MirrorTarget,
): Promise<ReleaseOutcome> {
  const [result] = await mirrorToPostgres(engine, mapping, [target.rawId], { reason: 'repair' })
  switch (result?.outcome) {
    case 'mirrored':
      return { outcome: 'released' }
    case 'deleted':
      return { outcome: 'gone' }
    case 'quarantined':
      return { outcome: 'refused', refusal: await storedRefusal(engine, mapping, target) }
    default:
      return { outcome: 'busy' }
  }
}

async function storedRefusal(engine: Engine, mapping: Mapping, target: MirrorTarget): Promise<Refusal> {
  const refusals = await readRefusals(engine.pool, mapping.collection, [target.legacyId])
  const [refusal] = refusals.values()
  const meanwhile = 'released by somebody else meanwhile'
  return refusal ?? { path: '', code: 'type', reason: meanwhile, valueType: 'document' }
}

async function releaseIntoAuthority(
  engine: Engine,
  mapping: Mapping,
  target: MirrorTarget,
): Promise<ReleaseOutcome> {
  try {
    return await inTransaction(engine.pool, {}, async (tx): Promise<ReleaseOutcome> => {
      await requireAuthority(tx, mapping.unit)
      const [state] = await readSourceStates(engine, mapping, [target], {
        linearizable: true,
        maxTimeMs: 10_000,
      })
      if (state?.kind === 'refused') return { outcome: 'refused', refusal: state.refusal }
      if (state?.kind === 'mapped') await insertFresh(tx, mapping, state.rows.id, [state.rows])
      await takeOutOfQuarantine(tx, mapping.collection, [target.legacyId])
      return { outcome: state?.kind === 'mapped' ? 'released' : 'gone' }
    })
  } catch (error) {
    if (!isDataFault(error)) throw error
    return { outcome: 'refused', refusal: refusalOf(databaseFault(error)) }
  }
}

async function insertFresh(
  tx: PoolClient,
  mapping: Mapping,
  id: string,
  rows: Parameters<typeof insertEntities>[2],
): Promise<void> {
  const present = await readEntities(tx, mapping, [id])
  if (present.size > 0) {
    throw new LandbridgeError(
      errorCodes.stepNotAllowed,
      `"${mapping.collection}" has rows for this quarantined document in Postgres already; decide which one is right and remove the other`,
    )
  }
  await insertEntities(tx, mapping, rows)
}

async function requireAuthority(tx: PoolClient, unit: string): Promise<void> {
  const row = await lockUnitShared(tx, unit)
  if (row.phase !== 'postgres') {
    throw new LandbridgeError(
      errorCodes.wrongPhase,
      `unit "${unit}" is in phase "${row.phase}": a document is released from quarantine in the phases mirror, shadow and postgres`,
    )
  }
}
