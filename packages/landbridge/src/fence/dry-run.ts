import { waitForMarker } from '../capture/caught-up.ts'
import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'
import { countGaps } from '../mirror/gaps.ts'
import type { Phase } from '../phase.ts'
import { writeMarker } from '../source/marker.ts'
import { type FenceStep, type StepTime, startFenceRun } from './fence-run.ts'
import { prepareFence } from './prepare-fence.ts'

export interface DryRun {
  to: Phase
  steps: StepTime[]
  /** What the reading steps inside the fence took: the pause is at least this long. */
  pauseAtLeastMs: number
  gaps: number
  outbox: number
}

const insideFence: ReadonlySet<FenceStep> = new Set(['marker', 'drain'])

/** Does every reading step of the real change and times it; holds and changes nothing. Refuses as the real one would. */
export async function dryRunFence(
  engine: Engine,
  unit: UnitConfig,
  to: Phase,
  onProgress?: (step: FenceStep) => void,
): Promise<DryRun> {
  const run = startFenceRun(onProgress)
  const prepared = await prepareFence(engine, unit, to, run)
  try {
    const marker = await run.step('marker', () => writeMarker(engine, `dry run of ${unit.name}`))
    const waiting = await run.step('drain', async () => {
      await waitForMarker(engine, marker, { timeoutMs: engine.config.timing.fenceDeadlineMs })
      return countWaiting(engine, unit.name)
    })
    const inside = run.times.filter((time) => insideFence.has(time.step))
    return {
      to,
      steps: run.times,
      pauseAtLeastMs: inside.reduce((sum, time) => sum + time.ms, 0),
      ...waiting,
    }
  } finally {
    await prepared.window.close()
  }
}

async function countWaiting(engine: Engine, unit: string): Promise<{ gaps: number; outbox: number }> {
  const [gap] = await countGaps(engine.pool, unit)
  const { rows } = await engine.pool.query(
    'select count(*)::int as n from landbridge.change_outbox where unit = $1',
    [unit],
  )
  return { gaps: gap?.open ?? 0, outbox: Number(rows[0]?.n) }
}
