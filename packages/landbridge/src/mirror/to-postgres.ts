import type { Engine } from '../engine.ts'
import type { Mapping } from '../mapping/types.ts'
import { idFromBytes } from '../source/id-key.ts'
import { isWrongPhase } from '../target/applier-check.ts'
import { databaseFault, isBusy, isDataFault, isValueTaken } from '../target/sql-state.ts'
import { type GapCode, noteGaps } from './gaps.ts'
import type { MirrorOptions, MirrorOutcome, MirrorResult } from './mirror-result.ts'
import { legacyIdsOf, type MirrorTarget, targetsOf } from './mirror-target.ts'
import { mirrorTogether, mirrorUniqueSet, SetMustGrow, type TogetherOptions } from './mirror-together.ts'
import { refusalOf } from './refusal-of-fault.ts'
import type { Refusal } from './source-state.ts'

const MAX_TOGETHER = 200
/** Largest set of entities that share unique values in one transaction. */
const MAX_SET = 50
/** How long a mirror waits for an entity's lock where no request waits for the mirror. */
const PATIENT_LOCK_MS = 2_000

type Outcomes = Map<string, MirrorOutcome>

/**
 * Brings these entities' rows to the present state of their documents. Trouble with one document never stops the
 * others and is never thrown: it becomes an outcome, and a gap wherever Postgres can be reached. Where it cannot,
 * the position of the change stream is the gap.
 */
export async function mirrorToPostgres(
  engine: Engine,
  mapping: Mapping,
  rawIds: readonly unknown[],
  options: MirrorOptions,
): Promise<MirrorResult[]> {
  const attempt = mirrorIds(engine, mapping, rawIds, options)
  if (options.deadlineMs === undefined) return attempt
  const late = rawIds.map((id): MirrorResult => ({ id, outcome: 'gap' }))
  return Promise.race([attempt, after(options.deadlineMs, late)])
}

async function mirrorIds(
  engine: Engine,
  mapping: Mapping,
  rawIds: readonly unknown[],
  options: MirrorOptions,
): Promise<MirrorResult[]> {
  try {
    const targets = await targetsOf(engine, mapping, rawIds)
    const outcomes: Outcomes = new Map()
    for (let from = 0; from < targets.length; from += MAX_TOGETHER) {
      const some = targets.slice(from, from + MAX_TOGETHER)
      for (const [key, outcome] of await mirrorTargets(engine, mapping, some, options))
        outcomes.set(key, outcome)
    }
    return targets.map((target) => ({ id: target.rawId, outcome: outcomes.get(target.key) ?? 'gap' }))
  } catch (error) {
    // Only ids can fail here (no connection for `id_map`): there is no target to note a gap for.
    engine.log.warn({ err: error, collection: mapping.collection }, 'entities could not be mirrored')
    return rawIds.map((id) => ({ id, outcome: 'gap' }))
  }
}

async function mirrorTargets(
  engine: Engine,
  mapping: Mapping,
  targets: readonly MirrorTarget[],
  options: MirrorOptions,
): Promise<Outcomes> {
  try {
    return await mirrorTogether(engine, mapping, targets, togetherOptions(engine, options))
  } catch (error) {
    if (isWrongPhase(error)) return all(targets, 'wrong-phase')
    if (targets.length > 1 && isWorthHalving(error)) {
      const middle = Math.ceil(targets.length / 2)
      const first = await mirrorTargets(engine, mapping, targets.slice(0, middle), options)
      const second = await mirrorTargets(engine, mapping, targets.slice(middle), options)
      return new Map([...first, ...second])
    }
    return settleSingle(engine, mapping, targets, options, error)
  }
}

/** Trouble that may belong to one of several entities alone. */
function isWorthHalving(error: unknown): boolean {
  return error instanceof SetMustGrow || isBusy(error) || isDataFault(error)
}

/** What is left when an entity alone meets trouble: a set of entities, quarantine, or a gap. */
async function settleSingle(
  engine: Engine,
  mapping: Mapping,
  targets: readonly MirrorTarget[],
  options: MirrorOptions,
  error: unknown,
): Promise<Outcomes> {
  const together = togetherOptions(engine, options)
  let set: MirrorTarget[] = [...targets]
  let refusals: ReadonlyMap<string, Refusal> = new Map()
  let trouble = error
  for (let round = 0; round < MAX_SET; round++) {
    try {
      if (trouble instanceof SetMustGrow) set = await grow(engine, mapping, set, trouble)
      else if (isRefusedByData(trouble) && targets.length === 1) refusals = refuseAll(targets, trouble)
      else if (!isValueTaken(trouble)) break
      if (set.length > MAX_SET) break
      const outcomes = await mirrorUniqueSet(engine, mapping, set, { ...together, refusals })
      return new Map(targets.map((target) => [target.key, outcomes.get(target.key) ?? 'gap']))
    } catch (next) {
      if (isWrongPhase(next)) return all(targets, 'wrong-phase')
      // The same refusal twice means that it is not this document's: a gap says so.
      if (refusals.size > 0 && isRefusedByData(next)) {
        trouble = next
        break
      }
      trouble = next
    }
  }
  await noteSafely(engine, mapping, targets, options, trouble)
  return all(targets, 'gap')
}

function isRefusedByData(error: unknown): boolean {
  return isDataFault(error) && !isValueTaken(error)
}

async function grow(
  engine: Engine,
  mapping: Mapping,
  set: readonly MirrorTarget[],
  more: SetMustGrow,
): Promise<MirrorTarget[]> {
  const rawIds = [
    ...set.map((target) => target.rawId),
    ...more.legacyIds.map(idFromBytes),
    ...(await legacyIdsOf(engine, mapping, more.entities)),
  ]
  return targetsOf(engine, mapping, rawIds)
}

function refuseAll(targets: readonly MirrorTarget[], error: unknown): ReadonlyMap<string, Refusal> {
  const fault = databaseFault(error)
  return new Map(targets.map((target) => [target.key, refusalOf(fault)]))
}

function togetherOptions(engine: Engine, options: MirrorOptions): TogetherOptions {
  const onRequestPath = options.reason === 'inline' || options.reason === 'capture'
  return {
    afterClusterTime: options.afterClusterTime,
    // A primary that was cut off must not answer where no event will correct the mirror (A10).
    linearizable: options.reason === 'inline' || options.reason === 'repair',
    maxTimeMs: 10_000,
    lockWaitMs: onRequestPath ? engine.config.timing.entityLockMs : PATIENT_LOCK_MS,
    compareFirst: options.reason !== 'inline',
    isAttempt: options.reason === 'reconcile',
    changes: options.changes,
    refusals: new Map(),
  }
}

async function noteSafely(
  engine: Engine,
  mapping: Mapping,
  targets: readonly MirrorTarget[],
  options: MirrorOptions,
  error: unknown,
): Promise<void> {
  const code = gapCodeOf(error)
  const detail = error instanceof Error ? error.message : String(error)
  engine.log.warn(
    { err: error, collection: mapping.collection, code, count: targets.length },
    'mirror left a gap',
  )
  try {
    await noteGaps(
      engine.pool,
      targets.map(({ legacyId }) => ({
        unit: mapping.unit,
        collection: mapping.collection,
        legacyId,
        code,
        detail,
        failedAttempt: options.reason === 'reconcile',
      })),
    )
  } catch (cause) {
    engine.log.error({ err: cause, collection: mapping.collection }, 'a gap could not be noted')
  }
}

function gapCodeOf(error: unknown): GapCode {
  if (isBusy(error)) return 'busy'
  if (error instanceof SetMustGrow || isValueTaken(error)) return 'unique'
  if (databaseFault(error) !== undefined) return 'target'
  if (error instanceof Error && error.name.startsWith('Mongo')) return 'source'
  return error instanceof Error && 'code' in error ? 'target' : 'code'
}

function all(targets: readonly MirrorTarget[], outcome: MirrorOutcome): Outcomes {
  return new Map(targets.map((target) => [target.key, outcome]))
}

function after<T>(ms: number, value: T): Promise<T> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(value), ms).unref()
  })
}
