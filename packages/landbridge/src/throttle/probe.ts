/** Probes of one look; a look at a slow store stops earlier, so that the probe itself is no load. */
const PROBES_A_LOOK = 5
const SLOW_PROBE_MS = 200
/** Some seconds of looks: long enough that one pause of a garbage collection is no reason to stop. */
const WINDOW = 40

export interface Probe {
  /** Times the store some more and answers the 95th percentile of the last probes, in milliseconds. */
  look(): Promise<number>
}

/** Follows how fast a store answers. The first answer of all is not counted: it pays for the connection. */
export function startProbe(ask: () => Promise<unknown>): Probe {
  const times: number[] = []
  let warm = false
  return {
    async look() {
      if (!warm) await ask()
      warm = true
      for (let i = 0; i < PROBES_A_LOOK; i++) {
        const started = performance.now()
        await ask()
        const ms = performance.now() - started
        times.push(ms)
        if (ms > SLOW_PROBE_MS) break
      }
      times.splice(0, times.length - WINDOW)
      return percentile95(times)
    },
  }
}

/** By nearest rank; of fewer than twenty values it is the highest. */
export function percentile95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * 0.95) - 1)] ?? 0
}
