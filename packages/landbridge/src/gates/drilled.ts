import { z } from 'zod'
import { latestEvidence } from './evidence.ts'
import { evidenceSince, type GateContext, type Measurement, span } from './gate.ts'
import { schemaHashOf } from './schema-frozen.ts'

/** What a drill leaves behind. */
export const drillEvidenceSchema = z.object({
  ok: z.boolean(),
  live: z.boolean(),
  schema: z.string(),
  entities: z.number(),
  ms: z.number(),
})

export type DrillEvidence = z.infer<typeof drillEvidenceSchema>

/** Gate 8: a rollback drill passed, on this build and this schema. */
export async function drilled({ engine, unit, row }: GateContext): Promise<Measurement> {
  const evidence = await latestEvidence(engine.pool, unit.name, 8, evidenceSince(row, 'shadow') ?? 0n)
  const drill = evidence === null ? null : drillEvidenceSchema.parse(evidence.value)
  const current =
    drill !== null && evidence?.build === engine.config.build && drill.schema === schemaHashOf(unit)
  return {
    met: current && drill.ok && drill.entities > 0,
    value: drill === null ? 'none' : `${describe(drill)}${current ? '' : ', of another build or schema'}`,
    threshold: 'passed on this build and this schema',
    sample: current ? drill.entities : 0,
    remedy: `landbridge drill ${unit.name}`,
  }
}

function describe(drill: DrillEvidence): string {
  return `${drill.ok ? 'passed' : 'failed'}, ${drill.entities} entities, ${span(drill.ms)}`
}
