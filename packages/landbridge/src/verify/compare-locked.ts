import type { Engine } from '../engine.ts'
import { lockUnitShared } from '../fence/unit-row.ts'
import type { Mapping } from '../mapping/types.ts'
import { clearGap } from '../mirror/gaps.ts'
import type { MirrorTarget } from '../mirror/mirror-target.ts'
import { SetMustGrow } from '../mirror/mirror-together.ts'
import { readSourceStates } from '../mirror/source-state.ts'
import { readStanding } from '../mirror/standing.ts'
import { mirrorToMongo } from '../mirror/to-mongo.ts'
import { mirrorToPostgres } from '../mirror/to-postgres.ts'
import { writeStates } from '../mirror/write-states.ts'
import { directionOf } from '../phase.ts'
import { lockForApplying } from '../target/applier-check.ts'
import { lockEntities } from '../target/entity-locks.ts'
import { isBusy, isDataFault } from '../target/sql-state.ts'
import { inTransaction } from '../target/transaction.ts'
import { type ComparedEntity, compareAgain, compareIn } from './compare-entities.ts'

const LOCK_WAIT_MS = 2_000
const TRIES = 3

/**
 * Mirrors an entity and compares it by read-back while nothing else can mirror it: exact without any age, for
 * entities that are written faster than a difference grows old (A17).
 */
export async function compareLocked(
  engine: Engine,
  mapping: Mapping,
  target: MirrorTarget,
): Promise<ComparedEntity> {
  const phase = await inTransaction(
    engine.pool,
    {},
    async (tx) => (await lockUnitShared(tx, mapping.unit)).phase,
  )
  return directionOf(phase) === 'to-postgres'
    ? compareAfterMirrorToPostgres(engine, mapping, target)
    : compareAfterMirrorToMongo(engine, mapping, target)
}

async function compareAfterMirrorToPostgres(
  engine: Engine,
  mapping: Mapping,
  target: MirrorTarget,
): Promise<ComparedEntity> {
  try {
    return await inTransaction(engine.pool, { applier: true }, async (tx) => {
      const unit = await lockForApplying(tx, mapping.unit, 'to-postgres')
      await lockEntities(tx, mapping.unit, [target.entity ?? target.key], { waitMs: LOCK_WAIT_MS })
      const standing = await readStanding(tx, mapping.collection, [target.legacyId])
      if (standing.relatives.length > 0) throw new SetMustGrow({ legacyIds: standing.relatives })
      const states = await readSourceStates(engine, mapping, [target], {
        linearizable: true,
        maxTimeMs: 10_000,
      })
      await writeStates(tx, mapping, { unit, quarantined: standing.quarantined, compareFirst: false }, states)
      for (const gap of standing.gaps) await clearGap(tx, mapping.collection, gap.legacyId, gap.version)
      const raws = new Map(
        states.flatMap((state) => (state.kind === 'absent' ? [] : [[target.key, state.raw]])),
      )
      const [compared] = await compareIn(tx, mapping, [target], raws)
      return compared ?? { target, differences: [], quarantined: false }
    })
  } catch (error) {
    // Not an entity that can be written alone: the whole mirror knows sets, quarantine and gaps.
    if (!isBusy(error) && !isDataFault(error) && !(error instanceof SetMustGrow)) throw error
    await mirrorToPostgres(engine, mapping, [target.rawId], { reason: 'repair' })
    return compareOnce(engine, mapping, target)
  }
}

/** The application does not take entity locks, so a write may come between; then it is tried again. */
async function compareAfterMirrorToMongo(
  engine: Engine,
  mapping: Mapping,
  target: MirrorTarget,
): Promise<ComparedEntity> {
  let compared = await compareOnce(engine, mapping, target)
  for (let i = 0; i < TRIES && compared.differences.length > 0 && target.entity !== undefined; i++) {
    await mirrorToMongo(engine, mapping, target.entity)
    compared = await compareOnce(engine, mapping, target)
  }
  return compared
}

async function compareOnce(engine: Engine, mapping: Mapping, target: MirrorTarget): Promise<ComparedEntity> {
  const [compared] = await compareAgain(engine, mapping, [target])
  return compared ?? { target, differences: [], quarantined: false }
}
