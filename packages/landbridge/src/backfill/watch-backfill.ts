import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { readUnitRow } from '../fence/unit-row.ts'
import { directionOf } from '../phase.ts'
import {
  type CollectionProgress,
  isWaiting,
  readCollectionProgress,
  type UnitProgress,
  unitProgress,
} from './backfill-progress.ts'
import { readThrottledBy } from './workers/throttled-by.ts'

const LOOK_EVERY_MS = 250
/** Chunks that end close together are reported together. */
const PAUSE_MS = 30

/** One collection that has moved, and the whole unit. */
export interface BackfillProgress extends CollectionProgress {
  /** Why nobody copies at present; null while somebody does. */
  throttledBy: string | null
  /** Workers that are alive, on all machines. */
  workers: number
  unit: string
  total: UnitProgress
}

export interface WatchOptions {
  /** The worker of this process. */
  worker: string
  collections: readonly string[]
  /** Until it is settled, more chunks may come. */
  planning: Promise<void>
  signal?: AbortSignal
  onProgress?: (progress: BackfillProgress) => void
}

export interface BackfillWatch {
  /** True as soon as there is a chunk to copy, false if all are planned and there is none. */
  hasWork(): Promise<boolean>
  /** A chunk has ended here: look at once. */
  wake(): void
  /** Why this process takes no chunk, or null: told at once, because heartbeats tell it a second later. */
  noteHere(reason: string | null): void
  /** Returns when nothing is left, or it is interrupted; throws LB_WRONG_PHASE when the unit is mirrored no more. */
  untilDone(): Promise<void>
  report(): Promise<void>
}

/** Follows a unit's chunks, whoever copies them, and reports what has changed. */
export function watchBackfill(engine: Engine, unit: string, options: WatchOptions): BackfillWatch {
  let isPlanned = false
  let planningError: unknown
  options.planning.then(
    () => {
      isPlanned = true
    },
    (error: unknown) => {
      planningError = error
    },
  )
  let alarm = new AbortController()
  const wake = () => alarm.abort()
  let here: string | null = null
  let untold: string | null = null
  const reported = new Map<string, string>()

  async function look(): Promise<'waiting' | 'done'> {
    const wasPlanned = isPlanned
    const all = await readCollectionProgress(engine.pool, unit)
    const mine = all.filter((each) => options.collections.includes(each.collection))
    await reportChanged(mine)
    if (planningError !== undefined) throw planningError
    if (mine.some(isWaiting)) return 'waiting'
    return wasPlanned ? 'done' : 'waiting'
  }

  async function reportChanged(collections: readonly CollectionProgress[]): Promise<void> {
    if (options.onProgress === undefined || collections.length === 0) return
    // A reason that has passed meanwhile is told once all the same.
    const { throttledBy, workers } = await readThrottledBy(engine, unit, {
      worker: options.worker,
      reason: untold ?? here,
    })
    untold = null
    const total = unitProgress(collections)
    for (const each of collections) {
      const shown = [each.chunks, each.done, each.failed, isWaiting(each) ? throttledBy : null].join('\n')
      if (reported.get(each.collection) === shown) continue
      reported.set(each.collection, shown)
      options.onProgress({
        ...each,
        throttledBy: isWaiting(each) ? throttledBy : null,
        workers,
        unit,
        total,
      })
    }
  }

  async function pause(lookMs: number): Promise<void> {
    await sleep(Math.max(PAUSE_MS, lookMs))
    await sleep(LOOK_EVERY_MS, undefined, { signal: alarm.signal }).catch(() => undefined)
    alarm = new AbortController()
  }

  options.signal?.addEventListener('abort', wake, { once: true })
  const isInterrupted = () => options.signal?.aborted === true
  return {
    wake,
    noteHere(reason) {
      if (reason === here) return
      here = reason
      untold = reason ?? untold
      wake()
    },
    async hasWork() {
      for (;;) {
        const wasPlanned = isPlanned
        const all = await readCollectionProgress(engine.pool, unit)
        if (planningError !== undefined) throw planningError
        if (all.some((each) => options.collections.includes(each.collection) && isWaiting(each))) return true
        if (wasPlanned || isInterrupted()) return false
        await sleep(PAUSE_MS)
      }
    },
    async untilDone() {
      while (!isInterrupted()) {
        const started = performance.now()
        if ((await look()) === 'done') return
        await requireMirrored(engine, unit)
        // Counting many chunks must not become the work.
        await pause((performance.now() - started) * 2)
      }
    },
    async report() {
      await look()
    },
  }
}

async function requireMirrored(engine: Engine, unit: string): Promise<void> {
  const { phase } = await readUnitRow(engine.pool, unit)
  if (directionOf(phase) === 'to-postgres') return
  throw new LandbridgeError(
    errorCodes.wrongPhase,
    `unit "${unit}" is in phase "${phase}" now: nothing is copied to Postgres there; what was being copied was not committed`,
    { detail: { unit, phase } },
  )
}
