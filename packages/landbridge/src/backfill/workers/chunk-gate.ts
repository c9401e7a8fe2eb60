import type { Engine } from '../../engine.ts'
import { findPaceReason } from '../../throttle/pace.ts'
import { storeThrottle, type Throttle } from '../../throttle/store-throttle.ts'
import { type EffectiveThrottle, readEffectiveThrottle } from '../../throttle/throttle-settings.ts'

/** Decides before each chunk of which units a worker may take one. */
export interface ChunkGate {
  /** Unit -> why none of its chunks is taken now; a unit that is missing may be worked on. */
  reasons(): Promise<Record<string, string>>
  /** The settings that counted for a unit when it was last asked. */
  settingsOf(unit: string): EffectiveThrottle | undefined
}

export interface ChunkGateOptions {
  /** Units that have something to copy at present. */
  units(): readonly string[]
  /** This worker's place among the living ones that serve the unit, from 0. */
  rankOf(unit: string): number
  /** In the place of the health of both stores. */
  throttle?: Throttle
}

export function chunkGate(engine: Engine, options: ChunkGateOptions): ChunkGate {
  const throttles = new Map<string, Throttle>()
  const settings = new Map<string, EffectiveThrottle>()
  const throttleOf = (unit: string) => {
    const known = throttles.get(unit) ?? options.throttle ?? storeThrottle(engine, unit)
    throttles.set(unit, known)
    return known
  }
  async function reasonOf(unit: string): Promise<string | null> {
    const now = await readEffectiveThrottle(engine.pool, unit)
    settings.set(unit, now)
    if (now.workers !== null && options.rankOf(unit) >= now.workers) {
      return `only ${now.workers} worker${now.workers === 1 ? '' : 's'} may copy`
    }
    return (await healthReason(throttleOf(unit))) ?? (await findPaceReason(engine.pool, now.rates))
  }
  /** A store that is away is a reason like any other: the work goes on when it is back. */
  async function healthReason(throttle: Throttle): Promise<string | null> {
    try {
      return await throttle()
    } catch (error) {
      return `a store does not answer: ${error instanceof Error ? error.message : String(error)}`
    }
  }
  return {
    async reasons() {
      const found = await Promise.all(
        options.units().map(async (unit) => [unit, await reasonOf(unit)] as const),
      )
      return Object.fromEntries(found.flatMap(([unit, reason]) => (reason === null ? [] : [[unit, reason]])))
    },
    settingsOf: (unit) => settings.get(unit),
  }
}
