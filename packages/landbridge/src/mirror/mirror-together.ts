import type { PoolClient } from 'pg'
import { findInBusyChunks } from '../backfill/chunk-locks.ts'
import type { Engine } from '../engine.ts'
import type { Mapping } from '../mapping/types.ts'
import type { ReadOptions } from '../source/read-documents.ts'
import { lockForApplying } from '../target/applier-check.ts'
import { deleteEntities, insertEntities } from '../target/entities.ts'
import { lockEntities } from '../target/entity-locks.ts'
import { identifier } from '../target/identifier.ts'
import { keepIgnoredColumns } from '../target/ignored-columns.ts'
import { entityColumn } from '../target/rows.ts'
import { inTransaction } from '../target/transaction.ts'
import { clearGap, noteGaps } from './gaps.ts'
import type { GrowingChanges } from './growing-changes.ts'
import type { MirrorOutcome } from './mirror-result.ts'
import type { MirrorTarget } from './mirror-target.ts'
import { mirrorWays } from './mirror-ways.ts'
import { mirrorParts } from './partial-to-postgres.ts'
import { type Refusal, readSourceStates, type SourceState } from './source-state.ts'
import { readStanding, type Standing } from './standing.ts'
import { replaceUniqueLosers } from './unique-losers.ts'
import { settleUniqueSet } from './unique-sets.ts'
import { entityIds, legacyIds, settleQuarantine, type WriteContext, writeStates } from './write-states.ts'

export interface TogetherOptions extends ReadOptions {
  /** How long to wait for the entities' locks. */
  lockWaitMs: number
  /** The gaps that are noted count as failed attempts. */
  isAttempt: boolean
  /** See `WriteContext.compareFirst`. */
  compareFirst: boolean
  /** See `MirrorOptions.changes`; a set that shares unique values is mirrored whole. */
  changes?: ReadonlyMap<string, GrowingChanges>
  /** Documents that Postgres refused although they were mapped, by key: they go to quarantine. */
  refusals: ReadonlyMap<string, Refusal>
}

/** One more entity must be mirrored in the same transaction. */
export class SetMustGrow extends Error {
  readonly legacyIds: Buffer[]
  readonly entities: string[]

  constructor(more: { legacyIds?: Buffer[]; entities?: string[] }) {
    super('entities that share unique values must be mirrored together')
    this.name = 'SetMustGrow'
    this.legacyIds = more.legacyIds ?? []
    this.entities = more.entities ?? []
  }
}

type Write = (
  tx: PoolClient,
  context: WriteContext,
  states: SourceState[],
) => Promise<Map<string, MirrorOutcome>>

/**
 * Mirrors entities in one transaction. The order is the protocol: phase under its lock (A6), chunks, entities'
 * locks, versions of gaps (A5), and only then the source.
 */
export async function mirrorTogether(
  engine: Engine,
  mapping: Mapping,
  targets: readonly MirrorTarget[],
  options: TogetherOptions,
): Promise<Map<string, MirrorOutcome>> {
  return underLocks(engine, mapping, targets, options, false, (tx, context, states) =>
    writeStates(tx, mapping, context, states),
  )
}

/**
 * Mirrors entities that share unique values: deletes all, inserts all (A12). Throws SetMustGrow, with nothing
 * written, when a value is held by an entity outside of the set.
 */
export async function mirrorUniqueSet(
  engine: Engine,
  mapping: Mapping,
  targets: readonly MirrorTarget[],
  options: TogetherOptions,
): Promise<Map<string, MirrorOutcome>> {
  return underLocks(engine, mapping, targets, options, true, async (tx, context, states) => {
    const set = await settleUniqueSet(tx, mapping, states)
    if ('holders' in set) throw new SetMustGrow({ entities: set.holders })
    const ids = entityIds(states)
    const outcomes = mapping.appendOnly
      ? await writeStates(tx, mapping, context, set.states)
      : await replaceAll(tx, mapping, context, ids, set.states)
    await replaceUniqueLosers(tx, mapping.collection, legacyIds(states), set.losers)
    return outcomes
  })
}

async function replaceAll(
  tx: PoolClient,
  mapping: Mapping,
  context: WriteContext,
  ids: string[],
  states: SourceState[],
): Promise<Map<string, MirrorOutcome>> {
  const restore = await keepIgnoredColumns(tx, mapping, (table) => ({
    where: `${identifier(entityColumn(table))} = any($1::uuid[])`,
    values: [ids],
  }))
  await deleteEntities(tx, mapping, ids)
  await insertEntities(
    tx,
    mapping,
    states.flatMap((state) => (state.kind === 'mapped' ? [state.rows] : [])),
  )
  await restore()
  return settleQuarantine(tx, mapping, context, states)
}

async function underLocks(
  engine: Engine,
  mapping: Mapping,
  targets: readonly MirrorTarget[],
  options: TogetherOptions,
  allOrNone: boolean,
  write: Write,
): Promise<Map<string, MirrorOutcome>> {
  const { collection, unit: unitName } = mapping
  return inTransaction(engine.pool, { applier: true }, async (tx) => {
    const unit = await lockForApplying(tx, unitName, 'to-postgres')
    const busy = await findInBusyChunks(tx, collection, targets)
    const waiting = targets.filter((target) => busy.has(target.key) || (allOrNone && busy.size > 0))
    await noteGaps(
      tx,
      waiting.map(({ legacyId }) => ({
        unit: unitName,
        collection,
        legacyId,
        code: 'chunk',
        failedAttempt: options.isAttempt,
      })),
    )
    const outcomes = new Map<string, MirrorOutcome>(waiting.map((target) => [target.key, 'gap']))
    const free = targets.filter((target) => !outcomes.has(target.key))
    if (free.length === 0) return outcomes

    await lockEntities(
      tx,
      unitName,
      free.map((target) => target.entity ?? target.key),
      { waitMs: options.lockWaitMs },
    )
    const ids = free.map((target) => target.legacyId)
    const standing = await readStanding(tx, collection, ids)
    const outside = standing.relatives.filter((id) => !targets.some((target) => target.legacyId.equals(id)))
    if (outside.length > 0 || (standing.relatives.length > 0 && !allOrNone)) {
      throw new SetMustGrow({ legacyIds: outside })
    }
    const done = allOrNone
      ? new Set<string>()
      : await mirrorInParts(engine, tx, mapping, free, standing, options)
    for (const key of done) outcomes.set(key, 'mirrored')
    const rest = free.filter((target) => !done.has(target.key))
    const states = await readSourceStates(engine, mapping, rest, options)
    const written = await write(
      tx,
      { unit, quarantined: standing.quarantined, compareFirst: options.compareFirst },
      states.map((state) => applyRefusal(state, options.refusals)),
    )
    for (const gap of standing.gaps) await clearGap(tx, collection, gap.legacyId, gap.version)
    for (const [key, outcome] of written) outcomes.set(key, outcome)
    return outcomes
  })
}

/**
 * Mirrors those targets by what changed of which that is known, and answers which; they are left out of everything that
 * follows. A gap, quarantine or a lost unique value means the whole entity (G8).
 */
async function mirrorInParts(
  engine: Engine,
  tx: PoolClient,
  mapping: Mapping,
  targets: readonly MirrorTarget[],
  standing: Standing,
  options: TogetherOptions,
): Promise<Set<string>> {
  const done = new Set<string>()
  if (mapping.growing.length === 0) return done
  const whole = [...standing.gaps.map((gap) => gap.legacyId), ...standing.quarantined, ...standing.losers]
  for (const target of targets) {
    const changes = options.changes?.get(target.key)
    if (changes === undefined || options.refusals.has(target.key)) continue
    if (whole.some((legacyId) => legacyId.equals(target.legacyId))) continue
    if (await mirrorParts(engine, tx, mapping, target, changes, options)) done.add(target.key)
  }
  const ways = mirrorWays(engine).toPostgres
  ways.partial += done.size
  ways.whole += targets.length - done.size
  return done
}

function applyRefusal(state: SourceState, refusals: ReadonlyMap<string, Refusal>): SourceState {
  const refusal = refusals.get(state.target.key)
  return state.kind !== 'mapped' || refusal === undefined
    ? state
    : { kind: 'refused', target: state.target, raw: state.raw, refusal }
}
