import { createHash } from 'node:crypto'
import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'
import { readUnitRow } from '../fence/unit-row.ts'
import { latestEvidence, recordEvidence } from './evidence.ts'
import { evidenceSince, type GateContext, type Measurement } from './gate.ts'

export type SchemaMoment = 'preflight' | 'verify'

/** Changes when any mapping of the unit, or one of its tables, does. */
export function schemaHashOf(unit: UnitConfig): string {
  const hashes = unit.mappings.map((mapping) => `${mapping.collection}:${mapping.schemaHash}`).sort()
  return createHash('sha256').update(hashes.join('\n')).digest('hex').slice(0, 16)
}

/** Preflight and verify leave behind which schema they have looked at. */
export async function recordSchema(engine: Engine, unit: UnitConfig, moment: SchemaMoment): Promise<void> {
  const { epoch } = await readUnitRow(engine.pool, unit.name)
  await recordEvidence(engine.pool, {
    unit: unit.name,
    gate: 1,
    epoch,
    build: engine.config.build,
    value: { moment, hash: schemaHashOf(unit) },
  })
}

/** Gate 1: the schema is the one that preflight (for `mirror`) or verify (later) has looked at. */
export async function schemaFrozen({ engine, unit, row, into }: GateContext): Promise<Measurement> {
  const moment: SchemaMoment = into === 'mirror' ? 'preflight' : 'verify'
  const since = into === 'mirror' ? 0n : (evidenceSince(row, 'mirror') ?? 0n)
  const seen = await latestEvidence(engine.pool, unit.name, 1, since)
  const now = schemaHashOf(unit)
  const hash = seen?.value.hash
  return {
    met: hash === now,
    value: hash === undefined ? 'never looked at' : `${String(hash)} at ${seen?.at.toISOString()}`,
    threshold: `unchanged since ${moment}: ${now}`,
    sample: hash === undefined ? 0 : unit.mappings.length,
    remedy: moment === 'preflight' ? `landbridge preflight ${unit.name}` : `landbridge verify ${unit.name}`,
  }
}
