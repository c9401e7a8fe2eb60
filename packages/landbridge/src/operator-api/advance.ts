import { z } from 'zod'
import type { Engine } from '../engine.ts'
import { unitOf } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { changePhase, type PhaseChange } from '../fence/change-phase.ts'
import { type DryRun, dryRunFence } from '../fence/dry-run.ts'
import { readUnitRow } from '../fence/unit-row.ts'
import type { GateReport } from '../gates/gate.ts'
import { changesAuthority, nextPhase, type Phase, phases } from '../phase.ts'
import { requireGates } from './gates.ts'
import { actor, type OnProgress, parseInput, unitName } from './input.ts'

const advanceInput = z.object({
  unit: unitName,
  actor,
  /** Go no further than this phase: a unit that is there already is left as it is. */
  to: z.enum(phases).optional(),
  dryRun: z.boolean().default(false),
})

export type Advanced =
  | { kind: 'advanced'; change: PhaseChange; gates: GateReport[] }
  | { kind: 'dry-run'; unit: string; from: Phase; to: Phase; gates: GateReport[]; fence: DryRun | null }
  | { kind: 'nothing-to-do'; unit: string; phase: Phase; message: string }

/** Takes a unit one step up, if every gate of the step is met or waived. */
export async function advance(
  engine: Engine,
  input: z.input<typeof advanceInput>,
  onProgress?: OnProgress,
): Promise<Advanced> {
  const { unit, actor: by, to, dryRun } = parseInput(advanceInput, input)
  const config = unitOf(engine, unit)
  const { phase } = await readUnitRow(engine.pool, unit)
  const next = nextPhase(phase)
  if (to !== undefined && phases.indexOf(phase) >= phases.indexOf(to)) {
    return { kind: 'nothing-to-do', unit, phase, message: `${unit} is in ${phase} already; nothing changed` }
  }
  if (next === null) {
    const message =
      phase === 'retired'
        ? `${unit} is retired; nothing changed`
        : `${unit} is on Postgres; \`landbridge retire ${unit}\` is the only step left; nothing changed`
    return { kind: 'nothing-to-do', unit, phase, message }
  }
  if (to !== undefined && to !== next) {
    throw new LandbridgeError(
      errorCodes.stepNotAllowed,
      `${unit} stands in ${phase}; advance goes one step at a time, the next one is ${next}`,
    )
  }
  onProgress?.(`measuring the gates into ${next}`)
  const gates = await requireGates(engine, unit, next, by)
  if (dryRun) {
    const fence = changesAuthority(phase, next) ? await dryRunFence(engine, config, next, onProgress) : null
    return { kind: 'dry-run', unit, from: phase, to: next, gates, fence }
  }
  const change = await changePhase(engine, {
    unit,
    to: next,
    actor: by,
    detail: { gates: gates.map((gate) => ({ gate: gate.gate, value: gate.value, waived: gate.waived })) },
    onStep: (step) => onProgress?.(step),
  })
  return { kind: 'advanced', change, gates }
}
