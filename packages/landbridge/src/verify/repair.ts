import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '../engine.ts'
import type { Mapping } from '../mapping/types.ts'
import { type MirrorTarget, targetsOf } from '../mirror/mirror-target.ts'
import { mirrorToPostgres } from '../mirror/to-postgres.ts'
import type { Direction } from '../phase.ts'
import { idFromBytes } from '../source/id-key.ts'
import { lockForApplying } from '../target/applier-check.ts'
import { inTransaction } from '../target/transaction.ts'
import { compareAgain } from './compare-entities.ts'
import { differingEntities } from './difference-store.ts'
import { noteCompared } from './note-compared.ts'

const BATCH = 100
/** How long a repair waits for the relay to work off what it put into the outbox. */
const RELAY_WAIT_MS = 10_000

/**
 * Mirrors every reported difference again from the authority and compares it. A quarantined entity is left alone:
 * its document may be the only original (A15). Answers how many entities agree now.
 */
export async function repairReported(
  engine: Engine,
  mapping: Mapping,
  direction: Direction,
): Promise<number> {
  const reported = (await differingEntities(engine.pool, mapping.collection)).filter(
    (entity) => entity.reported,
  )
  let repaired = 0
  for (let from = 0; from < reported.length; from += BATCH) {
    const rawIds = reported.slice(from, from + BATCH).map((entity) => idFromBytes(entity.legacyId))
    const targets = await targetsOf(engine, mapping, rawIds)
    const candidates = (await compareAgain(engine, mapping, targets)).filter(
      (compared) => !compared.quarantined,
    )
    await mirrorAgain(
      engine,
      mapping,
      candidates.map((compared) => compared.target),
      direction,
    )
    const compared = await compareAgain(engine, mapping, targets)
    await noteCompared(engine, mapping, compared)
    repaired += compared.filter((each) => each.differences.length === 0).length
  }
  return repaired
}

async function mirrorAgain(
  engine: Engine,
  mapping: Mapping,
  targets: readonly MirrorTarget[],
  direction: Direction,
): Promise<void> {
  if (direction === 'to-postgres') {
    const rawIds = targets.map((target) => target.rawId)
    await mirrorToPostgres(engine, mapping, rawIds, { reason: 'repair' })
    return
  }
  const entities = targets.flatMap((target) => target.entity ?? [])
  await putIntoOutbox(engine, mapping, entities)
  await waitForRelay(engine, mapping, entities)
}

/** Rows of the kind `entity`: the relay mirrors the whole document. */
async function putIntoOutbox(engine: Engine, mapping: Mapping, entities: readonly string[]): Promise<void> {
  await inTransaction(engine.pool, { applier: true }, async (tx) => {
    await lockForApplying(tx, mapping.unit, 'to-mongo')
    await tx.query(
      `insert into landbridge.change_outbox (unit, collection, entity, kind)
       select $1, $2, entity, 'entity' from unnest($3::uuid[]) as repaired (entity)`,
      [mapping.unit, mapping.collection, entities],
    )
  })
}

async function waitForRelay(engine: Engine, mapping: Mapping, entities: readonly string[]): Promise<void> {
  const until = Date.now() + RELAY_WAIT_MS
  while (Date.now() < until) {
    const { rowCount } = await engine.pool.query(
      'select from landbridge.change_outbox where collection = $1 and entity = any($2::uuid[]) limit 1',
      [mapping.collection, entities],
    )
    if (rowCount === 0) return
    await sleep(50)
  }
}
