import { z } from 'zod'
import { type DrillReport, drillUnit } from '../drill/drill-unit.ts'
import { type LiveDrillReport, liveDrill } from '../drill/live-drill.ts'
import type { Engine } from '../engine.ts'
import { unitOf } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { readUnitRow } from '../fence/unit-row.ts'
import type { DrillEvidence } from '../gates/drilled.ts'
import { recordEvidence } from '../gates/evidence.ts'
import { schemaHashOf } from '../gates/schema-frozen.ts'
import { writeAudit } from '../observe/audit.ts'
import { actor, type OnProgress, parseInput, unitName } from './input.ts'

const drillInput = z.object({
  unit: unitName,
  actor,
  /** Entities of each collection to rebuild; all unless told otherwise. */
  limit: z.number().int().min(1).default(Number.MAX_SAFE_INTEGER),
  live: z.boolean().default(false),
  /** How long a live drill stays on Postgres. */
  seconds: z.number().min(0).max(3_600).default(5),
})

export type Drilled = { kind: 'scratch'; drill: DrillReport } | { kind: 'live'; drill: LiveDrillReport }

/** Rehearses the way back and leaves the evidence of gate 8. A live drill is refused outside of a rehearsal. */
export async function drill(
  engine: Engine,
  input: z.input<typeof drillInput>,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<Drilled> {
  const { unit: name, actor: by, limit, live, seconds } = parseInput(drillInput, input)
  const unit = unitOf(engine, name)
  const { phase, epoch } = await readUnitRow(engine.pool, name)
  if (phase !== 'shadow') {
    throw new LandbridgeError(
      errorCodes.stepNotAllowed,
      `${name} stands in ${phase}; the drill runs at shadow, before the step into postgres`,
    )
  }
  if (live && !engine.config.rehearsal) {
    throw new LandbridgeError(
      errorCodes.stepNotAllowed,
      'drill --live moves real authority; it is allowed only where the configuration says `rehearsal: true`',
    )
  }
  const drilled: Drilled = live
    ? { kind: 'live', drill: await liveDrill(engine, unit, { actor: by, seconds, onProgress, signal }) }
    : { kind: 'scratch', drill: await drillUnit(engine, unit, { limit, onProgress, signal }) }
  const { ok, ms } = drilled.drill
  const entities = drilled.kind === 'live' ? drilled.drill.compared : drilled.drill.entities
  const evidence: DrillEvidence = { ok, live, schema: schemaHashOf(unit), entities, ms }
  await recordEvidence(engine.pool, {
    unit: name,
    gate: 8,
    epoch,
    build: engine.config.build,
    value: evidence,
  })
  await writeAudit(engine.pool, { actor: by, action: 'drill', unit: name, detail: { ...drilled.drill } })
  return drilled
}
