import { z } from 'zod'
import { type Engine, unitOf } from '../engine.ts'
import { readThrottle } from '../throttle/throttle-settings.ts'
import { actor, parseInput, unitName } from './input.ts'
import { changePause, type PauseReport } from './pause.ts'

const resumeInput = z.object({ unit: unitName.optional(), actor })

export interface ResumeReport extends PauseReport {
  /** Why it still stands still: all units are paused too. */
  stillPausedBecause: string | null
}

/** Takes a pause away; without a unit the pause of all units, while units that are paused by name stay so. */
export async function resume(engine: Engine, input: z.input<typeof resumeInput>): Promise<ResumeReport> {
  const { unit, actor: by } = parseInput(resumeInput, input)
  if (unit !== undefined) unitOf(engine, unit)
  const report = await changePause(engine, { unit, by, pausedBecause: null })
  const all = await readThrottle(engine.pool)
  return { ...report, stillPausedBecause: all.pausedBecause }
}
