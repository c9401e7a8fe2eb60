import type { Engine } from '../../engine.ts'
import { readEffectiveThrottle } from '../../throttle/throttle-settings.ts'
import { readWorkers } from './worker-row.ts'

/** What the living workers that serve a unit say. */
export interface ThrottledBy {
  workers: number
  /** Why none of them copies; null while one does, or nobody says why not. */
  throttledBy: string | null
}

/**
 * A pause shows at once, also where no worker is alive to tell of it. What a process knows of itself counts before
 * what its last heartbeat told.
 */
export async function readThrottledBy(
  engine: Engine,
  unit: string,
  here?: { worker: string; reason: string | null },
): Promise<ThrottledBy> {
  const living = await readWorkers(engine.pool, engine.config.timing.nodeDeadAfterMs)
  const serving = living.filter((worker) => worker.units.includes(unit))
  const { pausedBecause } = await readEffectiveThrottle(engine.pool, unit)
  if (pausedBecause !== null) {
    return { workers: serving.length, throttledBy: `paused by an operator: ${pausedBecause}` }
  }
  const reasons = serving.map((worker) =>
    worker.id === here?.worker ? here.reason : (worker.throttled[unit] ?? null),
  )
  const areAll = serving.length > 0 && reasons.every((reason) => reason !== null)
  return { workers: serving.length, throttledBy: areAll ? (reasons[0] ?? null) : null }
}
