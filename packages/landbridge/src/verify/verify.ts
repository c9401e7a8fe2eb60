import { type Engine, unitOf } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { readUnitRow } from '../fence/unit-row.ts'
import type { Mapping } from '../mapping/types.ts'
import { type Direction, directionOf } from '../phase.ts'
import { writeMarker } from '../source/marker.ts'
import { storeThrottle, type Throttle } from '../throttle/store-throttle.ts'
import { waitWhileThrottled } from '../throttle/wait-while-throttled.ts'
import { compareEntities } from './compare-entities.ts'
import { countBoth, type StoreCounts } from './count-both.ts'
import { type DifferenceGroup, differingEntities, reportedGroups } from './difference-store.ts'
import { mergeById } from './merge-by-id.ts'
import { noteCompared } from './note-compared.ts'
import { repairReported } from './repair.ts'
import { recheckUnseen, settleDifferences } from './settle-differences.ts'
import { findOpenRun, finishRun, saveRun, startRun } from './verify-run.ts'

const BATCH = 500

export interface VerifyProgress {
  collection: string
  compared: number
  /** Documents of the collection when the run began. */
  total: number
  /** Entities that differ at present, those in flight included. */
  differing: number
  throttledBy: string | null
}

export interface VerifyOptions {
  /** Mirrors again from the authority what is reported. */
  repair?: boolean
  onProgress?: (progress: VerifyProgress) => void
  signal?: AbortSignal
  /** A difference must stay the same so long before it is reported; `timing.verifyGraceMs` unless told otherwise. */
  graceMs?: number
  /** Only these collections of the unit. */
  collections?: readonly string[]
  /** Begins anew instead of resuming an interrupted run. */
  restart?: boolean
  /** Asked before each batch; the health of both stores unless told otherwise. */
  throttle?: Throttle
}

export interface VerifiedCollection {
  collection: string
  /** Null if the collection could not be read to its end. */
  counts: StoreCounts | null
  compared: number
  /** Entities with a reported difference, after the repair if there was one. */
  differing: number
  groups: DifferenceGroup[]
  repaired: number
  /** "Verified up to": a cluster time; null if the run was interrupted. */
  watermark: bigint | null
  /** What stopped this collection; its neighbours go on. */
  error: unknown
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
 * Compares every entity of a unit in both stores, field by field, and lists what differs. Can be interrupted; the
 * next call goes on where it stopped, with the watermark of its beginning.
 * Throws LB_STEP_NOT_ALLOWED where nothing is mirrored.
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
  const collections: VerifiedCollection[] = []
  for (const mapping of mappings) {
    if (options.signal?.aborted === true) break
    collections.push(await verifyCollection(engine, mapping, { ...options, direction, epoch }))
  }
  const watermarks = collections.flatMap((each) => each.watermark ?? [])
  const complete = watermarks.length === mappings.length
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

type CollectionOptions = VerifyOptions & { direction: Direction; epoch: bigint }

async function verifyCollection(
  engine: Engine,
  mapping: Mapping,
  options: CollectionOptions,
): Promise<VerifiedCollection> {
  let walked: Walked = { compared: 0, watermark: null }
  let repaired = 0
  let counts: StoreCounts | null = null
  let error: unknown
  try {
    walked = await walk(engine, mapping, options)
    if (options.repair === true) repaired = await repairReported(engine, mapping, options.direction)
    counts = await countBoth(engine, mapping)
  } catch (cause) {
    engine.log.error(
      { err: cause, collection: mapping.collection },
      'the verification of a collection has stopped',
    )
    error = cause
  }
  const differing = await differingEntities(engine.pool, mapping.collection)
  return {
    collection: mapping.collection,
    counts,
    ...walked,
    differing: differing.filter((entity) => entity.reported).length,
    groups: await reportedGroups(engine.pool, mapping.collection),
    repaired,
    error,
  }
}

interface Walked {
  compared: number
  watermark: bigint | null
}

async function walk(engine: Engine, mapping: Mapping, options: CollectionOptions): Promise<Walked> {
  const { collection } = mapping
  const resumed =
    options.restart === true ? undefined : await findOpenRun(engine.pool, collection, options.epoch)
  const run = resumed ?? (await beginRun(engine, mapping, options.epoch))
  const total = await engine.database.collection(collection).estimatedDocumentCount()
  const throttled = { throttle: options.throttle ?? storeThrottle(engine), signal: options.signal }
  let compared = run.compared
  for await (const batch of mergeById(engine, mapping, {
    batchSize: BATCH,
    resumeAfter: run.resumeAfter,
    afterClusterTime: run.watermark,
  })) {
    await waitWhileThrottled(throttled, (throttledBy) => {
      options.onProgress?.({ collection, compared, total, differing: 0, throttledBy })
    })
    const entities = await compareEntities(engine, mapping, batch.targets, batch.raws)
    await noteCompared(engine, mapping, entities)
    compared += entities.length
    await saveRun(engine.pool, { id: run.id, compared, resumeAfter: batch.last })
    if (options.onProgress !== undefined) {
      const differing = (await differingEntities(engine.pool, collection)).length
      options.onProgress({ collection, compared, total, differing, throttledBy: null })
    }
    if (options.signal?.aborted === true) return { compared, watermark: null }
  }
  await recheckUnseen(engine, mapping, run.startedAt)
  const graceMs = options.graceMs ?? engine.config.timing.verifyGraceMs
  const settled = await settleDifferences(engine, mapping, { graceMs, signal: options.signal })
  if (!settled) return { compared, watermark: null }
  await finishRun(engine.pool, run.id)
  return { compared, watermark: run.watermark }
}

/** The marker comes before the first read, so the watermark is a position and not a clock's time (A17). */
async function beginRun(engine: Engine, mapping: Mapping, epoch: bigint) {
  const marker = await writeMarker(engine, `verify ${mapping.collection}`)
  return startRun(engine.pool, {
    unit: mapping.unit,
    collection: mapping.collection,
    epoch,
    watermark: marker.clusterTime,
  })
}
