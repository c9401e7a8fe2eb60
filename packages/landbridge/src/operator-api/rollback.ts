import { z } from 'zod'
import type { Engine } from '../engine.ts'
import { unitOf } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { changePhase, type PhaseChange } from '../fence/change-phase.ts'
import { type DryRun, dryRunFence } from '../fence/dry-run.ts'
import { readUnitRow } from '../fence/unit-row.ts'
import { changesAuthority, type Phase, rollbackTargets } from '../phase.ts'
import { actor, type OnProgress, parseInput, reason, unitName } from './input.ts'

const rollbackInput = z
  .object({
    unit: unitName,
    actor,
    reason,
    to: z.enum(['mongo', 'mirror', 'shadow']).optional(),
    /** Entities that MongoDB refuses: they stay behind, whole, in quarantine. */
    leave: z.array(z.string()).default([]),
    dryRun: z.boolean().default(false),
  })
  .strict()

export type RolledBack =
  | { kind: 'rolled-back'; change: PhaseChange; cleared: boolean }
  | { kind: 'dry-run'; unit: string; from: Phase; to: Phase; fence: DryRun | null }
  | { kind: 'nothing-to-do'; unit: string; phase: Phase; message: string }

/** Takes a unit back: from `postgres` to `shadow` unless told otherwise, never out of `retired`. No gate stops it. */
export async function rollback(
  engine: Engine,
  input: z.input<typeof rollbackInput>,
  onProgress?: OnProgress,
): Promise<RolledBack> {
  const { unit, actor: by, reason: why, leave, dryRun, ...asked } = parseInput(rollbackInput, input)
  const config = unitOf(engine, unit)
  const { phase } = await readUnitRow(engine.pool, unit)
  const to = asked.to ?? defaultTarget(unit, phase)
  if (phase === to) {
    return { kind: 'nothing-to-do', unit, phase, message: `${unit} is in ${phase} already; nothing changed` }
  }
  if (!rollbackTargets(phase).includes(to)) {
    throw new LandbridgeError(
      errorCodes.stepNotAllowed,
      `${unit} stands in ${phase}; there is no way back to ${to}`,
    )
  }
  if (dryRun) {
    const fence = changesAuthority(phase, to) ? await dryRunFence(engine, config, to, onProgress) : null
    return { kind: 'dry-run', unit, from: phase, to, fence }
  }
  const change = await changePhase(engine, {
    unit,
    to,
    actor: by,
    detail: { reason: why },
    leave: leave.length === 0 ? undefined : { ids: leave, reason: why },
    onStep: (step) => onProgress?.(step),
  })
  return { kind: 'rolled-back', change, cleared: to === 'mongo' }
}

function defaultTarget(unit: string, phase: Phase): Phase {
  const targets = rollbackTargets(phase)
  const target = phase === 'postgres' ? 'shadow' : targets.at(-1)
  if (target !== undefined) return target
  throw new LandbridgeError(
    errorCodes.stepNotAllowed,
    phase === 'retired'
      ? `${unit} is retired; there is no way back any more`
      : `${unit} is on MongoDB; there is nothing to roll back`,
  )
}
