import { z } from 'zod'
import type { Engine } from '../engine.ts'
import { unitOf } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { readUnitRow } from '../fence/unit-row.ts'
import { contractResultSchema, recordContractSuite } from '../gates/contract-suite.ts'
import { type GateReport, passes } from '../gates/gate.ts'
import { readGates } from '../gates/read-gates.ts'
import { writeWaiver } from '../gates/waivers.ts'
import { writeAudit } from '../observe/audit.ts'
import { nextPhase, type Phase } from '../phase.ts'
import { actor, parseInput, reason, unitName } from './input.ts'

export interface UnitGates {
  unit: string
  phase: Phase
  /** The step that is asked for; null where there is none any more. */
  into: Phase | null
  gates: GateReport[]
  ready: boolean
}

const gatesInput = z.object({ unit: unitName })

/** The gates of the unit's next step, measured now. */
export async function gates(engine: Engine, input: z.input<typeof gatesInput>): Promise<UnitGates> {
  const { unit } = parseInput(gatesInput, input)
  unitOf(engine, unit)
  const { phase } = await readUnitRow(engine.pool, unit)
  const into = phase === 'postgres' ? 'retired' : nextPhase(phase)
  if (into === null) return { unit, phase, into, gates: [], ready: false }
  const reports = await readGates(engine, unit, into)
  return { unit, phase, into, gates: reports, ready: reports.every(passes) }
}

/** Measures the gates of a step, keeps what was found, and throws LB_GATE_NOT_MET naming each that stops it. */
export async function requireGates(
  engine: Engine,
  unit: string,
  into: Phase,
  by: string,
): Promise<GateReport[]> {
  const reports = await readGates(engine, unit, into)
  const unmet = reports.filter((report) => !passes(report))
  await writeAudit(engine.pool, {
    actor: by,
    action: 'gates',
    unit,
    detail: { into, gates: reports, passed: unmet.length === 0 },
  })
  if (unmet.length === 0) return reports
  const named = unmet.map(
    (gate) =>
      `gate ${gate.gate} (${gate.name}): ${gate.value}; needed: ${gate.threshold}; do: ${gate.remedy}`,
  )
  throw new LandbridgeError(
    errorCodes.gateNotMet,
    `unit ${unit} may not step into ${into} yet.\n${named.join('\n')}`,
    { detail: { unit, into, gates: reports } },
  )
}

const waiveInput = z.object({
  unit: unitName,
  gates: z.array(z.number().int().min(1).max(9)).min(1),
  actor,
  reason,
})

/** Waives gates of a unit by name and reason; both are kept. They hold until the unit steps into `mongo`. */
export async function waive(
  engine: Engine,
  input: z.input<typeof waiveInput>,
): Promise<{ unit: string; gates: number[] }> {
  const waiver = parseInput(waiveInput, input)
  unitOf(engine, waiver.unit)
  for (const gate of waiver.gates) {
    await writeWaiver(engine.pool, waiver.unit, gate, { by: waiver.actor, reason: waiver.reason })
  }
  await writeAudit(engine.pool, {
    actor: waiver.actor,
    action: 'waive',
    unit: waiver.unit,
    detail: { gates: waiver.gates, reason: waiver.reason },
  })
  return { unit: waiver.unit, gates: waiver.gates }
}

const recordInput = z.object({
  actor,
  /** Build that the suites ran on; must be the configured one. */
  build: z.string(),
  units: z.record(z.string(), contractResultSchema),
})

/** Keeps the result of the repository contract suites (gate 2). */
export async function recordContract(
  engine: Engine,
  input: z.input<typeof recordInput>,
): Promise<{ units: string[] }> {
  const result = parseInput(recordInput, input)
  if (result.build !== engine.config.build) {
    throw new LandbridgeError(
      errorCodes.usage,
      `the result is of build ${result.build}, the configuration says ${engine.config.build}; run the suites on the build that is going to advance`,
    )
  }
  for (const [unit, suites] of Object.entries(result.units)) {
    unitOf(engine, unit)
    await recordContractSuite(engine, unit, suites)
  }
  const units = Object.keys(result.units)
  await writeAudit(engine.pool, { actor: result.actor, action: 'record-contract', detail: { units } })
  return { units }
}
