import { type Engine, unitOf } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { readUnitRow } from '../fence/unit-row.ts'
import type { Mapping } from '../mapping/types.ts'
import { type Direction, directionOf } from '../phase.ts'
import { type Marker, writeMarker } from '../source/marker.ts'
import type { Throttle } from '../throttle/store-throttle.ts'
import { canTellSince, entitiesWrittenSince, readTransactionHorizon } from './changed-rows.ts'
import { readChangesSince } from './changes-since.ts'
import type { Changes } from './compare-changes.ts'
import { type VerifiedCollection, type VerifyProgress, verifyCollection } from './verify-collection.ts'
import { findBase, findOpenRun, forgetFinishedRun, type RunStart } from './verify-run.ts'

export type { VerifiedCollection, VerifyProgress } from './verify-collection.ts'

export interface VerifyOptions {
  /** Mirrors again from the authority what is reported. */
  repair?: boolean
  onProgress?: (progress: VerifyProgress) => void
  signal?: AbortSignal
  /** A difference must stay the same so long before it is reported; `timing.verifyGraceMs` unless told otherwise. */
  graceMs?: number
  /** Only these collections of the unit. */
  collections?: readonly string[]
  /** Compares everything, not only what has changed since the run before. */
  full?: boolean
  /** Compares everything, and begins anew instead of resuming an interrupted run. */
  restart?: boolean
  /** Asked before each batch; the health of both stores unless told otherwise. */
  throttle?: Throttle
  /** Documents of one batch: how much is in memory, and how much an interruption costs. */
  batchSize?: number
}

export interface VerifyReport {
  unit: string
  direction: Direction
  collections: VerifiedCollection[]
  /** Entities with a reported difference. */
  differences: number
  /** False if it was interrupted or a collection failed. */
  complete: boolean
  /** The lowest of the collections' watermarks; null unless complete. */
  watermark: bigint | null
}

/**
 * Compares a unit in both stores, field by field, and lists what differs. The first time it compares every entity;
 * afterwards only what has changed in either store since, and what differed. Can be interrupted; the next call goes
 * on where it stopped, with the watermark of its beginning.
 * Throws LB_STEP_NOT_ALLOWED where nothing is mirrored, LB_NOTHING_COMPARED where both stores are empty.
 */
export async function verify(
  engine: Engine,
  unit: string,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const { phase, epoch } = await readUnitRow(engine.pool, unit)
  const direction = directionOf(phase)
  if (direction === null) {
    throw new LandbridgeError(
      errorCodes.stepNotAllowed,
      `unit "${unit}" is in phase "${phase}": nothing is mirrored, so there is nothing to compare`,
    )
  }
  const mappings = unitOf(engine, unit).mappings.filter(
    (mapping) => options.collections?.includes(mapping.collection) ?? true,
  )
  const changes = await changesOf(engine, mappings, epoch, options)
  const collections: VerifiedCollection[] = []
  for (const mapping of mappings) {
    if (options.signal?.aborted === true) break
    const changed = changes.get(mapping.collection)
    const start = changed?.start ?? (await beginRun(engine, `verify ${mapping.collection}`)).start
    collections.push(
      await verifyCollection(engine, mapping, { ...options, direction, epoch, start, changes: changed }),
    )
  }
  const watermarks = collections.flatMap((each) => each.watermark ?? [])
  const complete = watermarks.length === mappings.length
  if (complete) await refuseEmpty(engine, unit, collections)
  const lowest = watermarks.reduce<bigint | null>(
    (low, each) => (low === null || each < low ? each : low),
    null,
  )
  return {
    unit,
    direction,
    collections,
    differences: collections.reduce((sum, each) => sum + each.differing, 0),
    complete,
    watermark: complete ? lowest : null,
  }
}

type ChangesSince = Changes & { start: RunStart }

/** The collections of which only the changes need to be compared, with these; the change stream is read once. */
async function changesOf(
  engine: Engine,
  mappings: readonly Mapping[],
  epoch: bigint,
  options: VerifyOptions,
): Promise<Map<string, ChangesSince>> {
  const changes = new Map<string, ChangesSince>()
  if (options.full === true || options.restart === true) return changes
  const bases = new Map<string, RunStart>()
  for (const mapping of mappings) {
    if ((await findOpenRun(engine.pool, mapping.collection, epoch)) !== undefined) continue
    const base = await findBase(engine.pool, mapping)
    if (base !== undefined && (await canTellSince(engine, base.horizon))) bases.set(mapping.collection, base)
  }
  if (bases.size === 0) return changes
  const { marker, start } = await beginRun(engine, 'verify')
  const earliest = [...bases.values()].sort((a, b) => Number(a.watermark - b.watermark))[0]
  const since = earliest?.watermark ?? start.watermark
  const documents = await readChangesSince(engine, [...bases.keys()], {
    since,
    marker,
    signal: options.signal,
  })
  for (const mapping of mappings) {
    const base = bases.get(mapping.collection)
    const changed = documents?.get(mapping.collection)
    if (base === undefined || changed === undefined || changed === 'everything') continue
    const entities = await entitiesWrittenSince(engine, mapping, base.horizon)
    if (entities !== undefined) changes.set(mapping.collection, { documents: changed, entities, start })
  }
  return changes
}

/** Both come before the first read, so the watermark is a position and not a clock's time (A17). */
async function beginRun(engine: Engine, purpose: string): Promise<{ marker: Marker; start: RunStart }> {
  const marker = await writeMarker(engine, purpose)
  const horizon = await readTransactionHorizon(engine)
  return { marker, start: { watermark: marker.clusterTime, horizon } }
}

/** Two empty stores agree about everything, also when they are the wrong ones. */
async function refuseEmpty(
  engine: Engine,
  unit: string,
  collections: readonly VerifiedCollection[],
): Promise<void> {
  const seen = collections.reduce(
    (sum, { compared, counts }) =>
      sum + compared + (counts === null ? 0 : counts.mongo + counts.postgres + counts.quarantined),
    0,
  )
  if (seen > 0 || collections.length === 0) return
  for (const { collection } of collections) await forgetFinishedRun(engine.pool, collection)
  throw new LandbridgeError(
    errorCodes.nothingCompared,
    `unit "${unit}" has neither a document nor a row: nothing was compared, so nothing is proved. Look whether MONGO_URL and MONGO_DB are right`,
  )
}
