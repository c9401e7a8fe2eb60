import { setTimeout as sleep } from 'node:timers/promises'
import { type Engine, unitOf } from '../../engine.ts'
import { errorCodes, LandbridgeError } from '../../errors.ts'
import { readUnitRow } from '../../fence/unit-row.ts'
import { compileCopyEncoder } from '../../mapping/compile/copy-encoder.ts'
import type { Mapping } from '../../mapping/types.ts'
import { mirrorToPostgres } from '../../mirror/to-postgres.ts'
import type { ChunkSource } from '../../source/chunk-source.ts'
import type { DumpFolder } from '../../source/dump/dump-folder.ts'
import { dumpSource } from '../../source/dump/dump-source.ts'
import { type DumpOptions, openDumpCollection } from '../../source/dump/open-dump.ts'
import { isWrongPhase } from '../../target/applier-check.ts'
import { chargePace } from '../../throttle/pace.ts'
import { waitWhileThrottled } from '../../throttle/wait-while-throttled.ts'
import type { BackfilledCollection, BackfillOptions, BackfillReport } from '../backfill.ts'
import { noteExpected, readCollectionProgress, unitProgress } from '../backfill-progress.ts'
import { buildIndexes } from '../bulk/build-indexes.ts'
import { isBulk, takeIndexesAway } from '../bulk/take-indexes.ts'
import { pendingChunkIds, readChunkProgress } from '../chunk-store.ts'
import { copyChunk } from '../copy-chunk.ts'
import { planChunks } from '../plan-chunks.ts'
import { finishDumped } from '../plan-store.ts'
import { oneTurnAtATime } from '../take-turn.ts'
import { chunkGate } from '../workers/chunk-gate.ts'
import { withdrawJobs } from '../workers/withdraw-jobs.ts'
import { checkDump } from './check-dump.ts'
import { replayChanges } from './replay-changes.ts'

const MAX_TRIES = 3
const BUSY_PAUSE_MS = 20

export interface DumpBackfillReport extends BackfillReport {
  /** Entities that had changed since the dump was begun and were mirrored again. */
  changed: number
}

/**
 * Copies a unit's collections from a folder of `mongodump --oplog` and then mirrors again all that has changed since
 * the dump was begun. Only that makes its chunks done: an interrupted call leaves them `dumped`, and the next one goes
 * on from them, or copies them anew if it has another source. Throws LB_DUMP_NOT_SAFE, LB_DUMP_UNREADABLE,
 * LB_WRONG_PHASE, and LB_STEP_NOT_ALLOWED outside of phase `mirror` (in `shadow` old rows would be compared) and for
 * a collection that has been copied from another source.
 */
export async function backfillFromDump(
  engine: Engine,
  unit: string,
  folder: DumpFolder,
  options: BackfillOptions & DumpOptions = {},
): Promise<DumpBackfillReport> {
  const mappings = unitOf(engine, unit).mappings.filter(
    (mapping) => options.collections?.includes(mapping.collection) ?? true,
  )
  const names = mappings.map((mapping) => mapping.collection)
  await requireMirrorPhase(engine, unit)
  const dumpTime = await checkDump(engine, folder, names)
  const collections: BackfilledCollection[] = []
  for (const mapping of mappings) {
    if (options.signal?.aborted === true) break
    collections.push(await copyCollection(engine, mapping, folder, dumpTime, options))
  }
  const areCopied =
    collections.length === mappings.length &&
    collections.every((each) => each.error === undefined) &&
    options.signal?.aborted !== true
  if (!areCopied) return { unit, collections, complete: false, changed: 0 }
  if (collections.every((each) => each.alreadyDone)) return { unit, collections, complete: true, changed: 0 }
  for (const collection of names) await buildIndexes(engine, { collection })
  const changed = await replayChanges(engine, mappings, dumpTime, { signal: options.signal })
  if (changed === undefined) return { unit, collections, complete: false, changed: 0 }
  await finishDumped(engine.pool, names, dumpTime)
  return { unit, collections, complete: true, changed }
}

async function requireMirrorPhase(engine: Engine, unit: string): Promise<void> {
  const { phase } = await readUnitRow(engine.pool, unit)
  if (phase === 'mirror') return
  throw new LandbridgeError(
    errorCodes.stepNotAllowed,
    `${unit} is in ${phase}: a dump is copied in phase mirror only, because its rows are old until what changed since has been mirrored`,
  )
}

async function copyCollection(
  engine: Engine,
  mapping: Mapping,
  folder: DumpFolder,
  dumpTime: bigint,
  options: BackfillOptions & DumpOptions,
): Promise<BackfilledCollection> {
  const { collection } = mapping
  let alreadyDone = false
  let error: unknown
  try {
    alreadyDone = options.restart !== true && (await isDone(engine, collection))
    if (!alreadyDone) {
      await using opened = await openDumpCollection(folder, collection, options)
      await copyAll(engine, mapping, dumpSource(opened, dumpTime), options)
    }
  } catch (cause) {
    if (isWrongPhase(cause)) throw cause
    engine.log.error({ err: cause, collection }, 'the backfill of a collection from a dump has stopped')
    error = cause
  }
  const { chunks, documents, quarantined } = await readChunkProgress(engine.pool, collection)
  return { collection, chunks, documents, quarantined, alreadyDone, error }
}

async function isDone(engine: Engine, collection: string): Promise<boolean> {
  const { chunks, done } = await readChunkProgress(engine.pool, collection)
  return chunks > 0 && done === chunks
}

/** Planned first: the order of a dump's ids is known only when all of it has been read. */
async function copyAll(
  engine: Engine,
  mapping: Mapping,
  source: ChunkSource,
  options: BackfillOptions,
): Promise<void> {
  const { unit, collection } = mapping
  const documents = await engine.database.collection(collection).estimatedDocumentCount()
  if (isBulk(engine, documents, options.bulk)) await takeIndexesAway(engine, mapping)
  await noteExpected(engine.pool, {
    unit,
    collection,
    documents,
    restart: options.restart === true,
    compare: options.compare ?? 'inline',
  })
  if (options.restart === true) await withdrawJobs(engine, mapping.collection, options.signal)
  await planChunks(engine, mapping, { restart: options.restart, signal: options.signal, source })
  const queue = await pendingChunkIds(engine.pool, collection)
  const gate = chunkGate(engine, { units: () => [unit], rankOf: () => 0, throttle: options.throttle })
  const throttled = { throttle: async () => (await gate.reasons())[unit] ?? null, signal: options.signal }
  const takeTurn = oneTurnAtATime()
  let isNextFirst = true
  const work = async () => {
    const encoder = compileCopyEncoder(mapping)
    for (;;) {
      await waitWhileThrottled(throttled, (reason) => report(engine, mapping, options, reason))
      const chunk = options.signal?.aborted === true ? undefined : queue.shift()
      if (chunk === undefined) return
      const isFirst = isNextFirst
      isNextFirst = false
      const copied = await withPatience((attempt) =>
        copyChunk(engine, mapping, chunk, { encoder, isFirst, wait: attempt > 1, source, takeTurn }),
      )
      if (copied.status === 'copied') {
        if (copied.rest !== undefined) queue.push(copied.rest)
        await chargePace(engine.pool, gate.settingsOf(unit)?.rates ?? [], copied)
        if (copied.gaps.length > 0) {
          await mirrorToPostgres(engine, mapping, copied.gaps, { reason: 'backfill' })
        }
      }
      await report(engine, mapping, options, null)
    }
  }
  await Promise.all(Array.from({ length: engine.config.backfill.workers }, work))
}

async function withPatience(copy: (attempt: number) => ReturnType<typeof copyChunk>) {
  for (let attempt = 1; ; attempt++) {
    try {
      const copied = await copy(attempt)
      if (copied.status !== 'busy') return copied
      await sleep(BUSY_PAUSE_MS)
    } catch (error) {
      if (attempt >= MAX_TRIES || error instanceof LandbridgeError) throw error
    }
  }
}

async function report(
  engine: Engine,
  mapping: Mapping,
  options: BackfillOptions,
  throttledBy: string | null,
): Promise<void> {
  if (options.onProgress === undefined) return
  const all = await readCollectionProgress(engine.pool, mapping.unit)
  const here = all.find((each) => each.collection === mapping.collection)
  if (here === undefined) return
  const { workers } = engine.config.backfill
  options.onProgress({ ...here, throttledBy, workers, unit: mapping.unit, total: unitProgress(all) })
}
