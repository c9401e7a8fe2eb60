import { z } from 'zod'
import { type Engine, unitOf } from '../engine.ts'
import { writeAudit } from '../observe/audit.ts'
import {
  allUnits,
  maxWorkers,
  noThrottle,
  readThrottle,
  setThrottle,
  type ThrottleSettings,
} from '../throttle/throttle-settings.ts'
import { actor, parseInput, unitName } from './input.ts'

const limitMs = z.number().int().positive().nullable().optional()

const changeInput = z.object({
  documentsPerSecond: z.number().int().positive().nullable().optional(),
  megabytesPerSecond: z.number().positive().nullable().optional(),
  workers: z.number().int().min(1).max(maxWorkers).nullable().optional(),
  postgresLatencyMs: limitMs,
  mongoLatencyMs: limitMs,
  replicationLagMs: limitMs,
  flagFile: z.string().min(1).nullable().optional(),
  query: z.string().min(1).nullable().optional(),
  latencyQuery: z.string().min(1).nullable().optional(),
})

const throttleInput = z.object({
  /** All units unless one is named. */
  unit: unitName.optional(),
  actor,
  /** What is changed; null takes a limit away. Nothing: the settings are only read. */
  change: changeInput.default({}),
  /** Takes every limit away before the change. */
  off: z.boolean().default(false),
})

export interface ThrottleReport {
  /** `*` for all units. */
  unit: string
  settings: ThrottleSettings
  changed: boolean
}

/**
 * Shows or changes what backfill and verify may take from the stores. Running workers of all machines read it before
 * each chunk.
 */
export async function throttle(
  engine: Engine,
  input: z.input<typeof throttleInput>,
): Promise<ThrottleReport> {
  const { unit, actor: by, change, off } = parseInput(throttleInput, input)
  if (unit !== undefined) unitOf(engine, unit)
  const scope = unit ?? allUnits
  const wanted = off ? { ...noThrottle, ...change } : change
  const changed = Object.values(wanted).some((value) => value !== undefined)
  if (!changed) return { unit: scope, settings: await readThrottle(engine.pool, scope), changed }
  const settings = await setThrottle(engine.pool, wanted, by, scope)
  await writeAudit(engine.pool, { actor: by, action: 'throttle', unit, detail: { off, ...change } })
  return { unit: scope, settings, changed }
}
