import type { Engine } from '../engine.ts'
import { unitOf } from '../engine.ts'
import { readUnitRow } from '../fence/unit-row.ts'
import { gatesInto, type Phase } from '../phase.ts'
import { contractSuite } from './contract-suite.ts'
import { copied } from './copied.ts'
import { drilled } from './drilled.ts'
import { fastEnough } from './fast-enough.ts'
import type { GateContext, GateReport, Measurement } from './gate.ts'
import { matching } from './matching.ts'
import { mirrored } from './mirrored.ts'
import { schemaFrozen } from './schema-frozen.ts'
import { shadowed } from './shadowed.ts'
import { readWaivers } from './waivers.ts'
import { watched } from './watched.ts'

interface Gate {
  name: string
  measure(context: GateContext): Promise<Measurement>
}

const gates: Record<number, Gate> = {
  1: { name: 'schema frozen', measure: schemaFrozen },
  2: { name: 'contract suite', measure: contractSuite },
  3: { name: 'copied', measure: copied },
  4: { name: 'mirrored', measure: mirrored },
  5: { name: 'shadowed', measure: shadowed },
  6: { name: 'matching', measure: matching },
  7: { name: 'fast enough', measure: fastEnough },
  8: { name: 'drilled', measure: drilled },
  9: { name: 'watched', measure: watched },
}

/** Measures the gates that a step into the phase asks for. Each is measured now; none is a checkbox. */
export async function readGates(engine: Engine, unitName: string, into: Phase): Promise<GateReport[]> {
  const unit = unitOf(engine, unitName)
  const row = await readUnitRow(engine.pool, unit.name)
  const waivers = await readWaivers(engine.pool, unit.name)
  const reports: GateReport[] = []
  for (const number of gatesInto[into]) {
    const gate = gates[number]
    if (gate === undefined) continue
    const measurement = await gate.measure({ engine, unit, row, into })
    const met = measurement.met && measurement.sample > 0
    reports.push({ ...measurement, met, gate: number, name: gate.name, waived: waivers.get(number) ?? null })
  }
  return reports
}
