import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '../engine.ts'
import { compareResults, type ResultDifference } from './compare-results.ts'
import { recordSamples, type ShadowSample } from './shadow-samples.ts'

/** A read that the authority has answered, and how to run it again on either store. */
export interface ShadowRead {
  unit: string
  method: string
  epoch: bigint
  result: unknown
  authorityMs: number
  again(): Promise<unknown>
  other(): Promise<unknown>
}

export interface ShadowReads {
  /** Takes a sampled read for comparison; returns at once and never throws. */
  compare(read: ShadowRead): void
  stop(): Promise<void>
}

/** Reads that may wait; more are dropped, so that a slow store never makes the process grow. */
const mostWaiting = 200
/** Comparisons at a time: one that waits for its grace must not hold up the others. */
const comparisonsAtOnce = 16
const flushEveryMs = 500
/** A write in flight explains a difference that is gone after one of these. */
const graceMs = [100, 400, 1_500]

/**
 * Runs sampled reads on the other store too, off the caller's path, and keeps the outcome. A difference
 * counts only if it stays: both stores are asked again after a grace, and where the authority's own answer changed
 * meanwhile, nothing can be said and nothing is kept. While Postgres is away nothing is compared and nothing counts.
 */
export function startShadowReads(engine: Engine): ShadowReads {
  const waiting: ShadowRead[] = []
  const samples: ShadowSample[] = []
  let stopped = false
  const sleeping: (() => void)[] = []

  const compareLoop = async () => {
    while (!stopped) {
      const read = waiting.shift()
      if (read === undefined) {
        await new Promise<void>((resolve) => sleeping.push(resolve))
        continue
      }
      const sample = await compareOne(engine, read)
      if (sample !== null) samples.push(sample)
    }
  }
  const flush = async () => {
    const batch = samples.splice(0)
    if (batch.length === 0) return
    try {
      await recordSamples(engine.pool, batch)
    } catch (error) {
      engine.log.debug({ error, samples: batch.length }, 'shadow samples were not kept: Postgres is away')
    }
  }
  const flushLoop = async () => {
    while (!stopped) {
      await sleep(flushEveryMs, undefined, { ref: false })
      await flush()
    }
  }
  const running = [...Array.from({ length: comparisonsAtOnce }, compareLoop), flushLoop()]
  return {
    compare(read) {
      if (stopped || waiting.length >= mostWaiting || Math.random() >= engine.config.shadowSample) return
      waiting.push(read)
      sleeping.pop()?.()
    },
    async stop() {
      stopped = true
      for (const wake of sleeping.splice(0)) wake()
      await Promise.all(running)
      await flush()
    },
  }
}

async function compareOne(engine: Engine, read: ShadowRead): Promise<ShadowSample | null> {
  try {
    const started = performance.now()
    let other = await read.other()
    const otherMs = performance.now() - started
    let authority = read.result
    let differences = compareResults(authority, other)
    for (const grace of graceMs) {
      if (differences.length === 0) break
      await sleep(grace)
      const before = await read.again()
      other = await read.other()
      authority = await read.again()
      // The entity is being written just now: an answer from in between proves nothing.
      if (compareResults(before, authority).length > 0) return null
      differences = compareResults(authority, other)
    }
    return sampleOf(read, otherMs, differences)
  } catch (error) {
    engine.log.debug({ error, method: read.method }, 'a shadow read could not be done; it does not count')
    return null
  }
}

function sampleOf(read: ShadowRead, otherMs: number, differences: ResultDifference[]): ShadowSample {
  return {
    unit: read.unit,
    method: read.method,
    epoch: read.epoch,
    matched: differences.length === 0,
    authorityMs: read.authorityMs,
    otherMs,
    differences: differences.map((difference) => ({
      path: difference.path,
      authority: shown(difference.authority),
      other: shown(difference.other),
    })),
  }
}

const mostShown = 200

/** A value as a report shows it; long ones are cut. */
function shown(value: unknown): string {
  const text = JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'bigint' ? `${member}` : member,
  )
  return (text ?? 'undefined').slice(0, mostShown)
}
