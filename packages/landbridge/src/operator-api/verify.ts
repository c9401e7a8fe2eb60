import { z } from 'zod'
import type { Engine } from '../engine.ts'
import { unitOf } from '../engine.ts'
import { recordSchema } from '../gates/schema-frozen.ts'
import { writeAudit } from '../observe/audit.ts'
import { verify as compareUnit, type VerifyOptions, type VerifyReport } from '../verify/verify.ts'
import { actor, parseInput, unitName } from './input.ts'

const verifyInput = z.object({
  unit: unitName,
  actor,
  repair: z.boolean().default(false),
  full: z.boolean().default(false),
  restart: z.boolean().default(false),
  collections: z.array(z.string()).optional(),
  graceMs: z.number().int().min(0).optional(),
})

/**
 * Compares a unit in both stores: every entity, or what has changed since it was compared before. Freezes the schema for the later steps (gate 1); a complete run
 * without a difference ends the alarm of a change stream that lost history.
 */
export async function verify(
  engine: Engine,
  input: z.input<typeof verifyInput>,
  options: Pick<VerifyOptions, 'onProgress' | 'signal'> = {},
): Promise<VerifyReport> {
  const { unit: name, actor: by, ...asked } = parseInput(verifyInput, input)
  const unit = unitOf(engine, name)
  await recordSchema(engine, unit, 'verify')
  const { rows } = await engine.pool.query('select clock_timestamp() as now')
  const report = await compareUnit(engine, name, { ...options, ...asked })
  const whole = report.complete && asked.collections === undefined
  if (whole && report.differences === 0) {
    await engine.pool.query('delete from landbridge.history_lost where unit = $1 and since < $2', [
      name,
      rows[0]?.now,
    ])
  }
  await writeAudit(engine.pool, {
    actor: by,
    action: 'verify',
    unit: name,
    detail: {
      complete: report.complete,
      differences: report.differences,
      compared: Object.fromEntries(
        report.collections.map((each) => [each.collection, { kind: each.kind, entities: each.compared }]),
      ),
      watermark: report.watermark,
      repaired: report.collections.reduce((sum, each) => sum + each.repaired, 0),
    },
  })
  return report
}
