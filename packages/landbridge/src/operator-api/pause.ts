import { z } from 'zod'
import { type Engine, unitOf } from '../engine.ts'
import { writeAudit } from '../observe/audit.ts'
import { allUnits, readThrottle, setThrottle } from '../throttle/throttle-settings.ts'
import { actor, parseInput, reason, unitName } from './input.ts'

const pauseInput = z.object({
  /** All units unless one is named. */
  unit: unitName.optional(),
  actor,
  reason: reason.default('no reason given'),
})

export interface PauseReport {
  /** `*` for all units. */
  unit: string
  pausedBecause: string | null
  /** False when it stood so already. */
  changed: boolean
}

/** Stops backfill and verify of a unit on all machines: chunks that are being copied finish, none is begun. */
export async function pause(engine: Engine, input: z.input<typeof pauseInput>): Promise<PauseReport> {
  const { unit, actor: by, reason: why } = parseInput(pauseInput, input)
  if (unit !== undefined) unitOf(engine, unit)
  return changePause(engine, { unit, by, pausedBecause: `${why} (${by})` })
}

/** Records the change, unless nothing changes. */
export async function changePause(
  engine: Engine,
  { unit, by, pausedBecause }: { unit: string | undefined; by: string; pausedBecause: string | null },
): Promise<PauseReport> {
  const scope = unit ?? allUnits
  const before = await readThrottle(engine.pool, scope)
  if (before.pausedBecause === pausedBecause) return { unit: scope, pausedBecause, changed: false }
  await setThrottle(engine.pool, { pausedBecause }, by, scope)
  const action = pausedBecause === null ? 'resume' : 'pause'
  await writeAudit(engine.pool, { actor: by, action, unit, detail: { pausedBecause } })
  return { unit: scope, pausedBecause, changed: true }
}
