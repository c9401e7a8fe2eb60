import { z } from 'zod'
import type { Engine } from '../engine.ts'
import { unitOf } from '../engine.ts'
import { readUnitRow } from '../fence/unit-row.ts'
import { type ShadowSummary, summarizeSamples } from '../shadow/shadow-samples.ts'
import { parseInput, unitName } from './input.ts'

const shadowInput = z.object({ unit: unitName })

export interface ShadowReport {
  unit: string
  methods: ShadowSummary[]
  mismatches: number
}

/** Shadow reads by repository method since the unit's last step into `shadow`: how many, how equal, how fast. */
export async function shadow(engine: Engine, input: z.input<typeof shadowInput>): Promise<ShadowReport> {
  const { unit } = parseInput(shadowInput, input)
  unitOf(engine, unit)
  const row = await readUnitRow(engine.pool, unit)
  const methods = await summarizeSamples(engine.pool, unit, row.entered.shadow?.epoch ?? 0n)
  return { unit, methods, mismatches: methods.reduce((sum, method) => sum + method.mismatches, 0) }
}
