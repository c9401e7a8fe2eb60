import { z } from 'zod'
import type { Engine } from '../engine.ts'
import { readUnitRow } from '../fence/unit-row.ts'
import { latestEvidence, recordEvidence } from './evidence.ts'
import type { GateContext, Measurement } from './gate.ts'

const storeResult = z.object({ passed: z.number().int().min(0), failed: z.number().int().min(0) })

/** What a build's test run says of the repository contract suites of one unit. */
export const contractResultSchema = z.object({ mongo: storeResult, postgres: storeResult })

export type ContractResult = z.infer<typeof contractResultSchema>

/** Keeps the result of the contract suites for the running build; called by whoever ran them. */
export async function recordContractSuite(
  engine: Engine,
  unit: string,
  result: ContractResult,
): Promise<void> {
  const { epoch } = await readUnitRow(engine.pool, unit)
  await recordEvidence(engine.pool, { unit, gate: 2, epoch, build: engine.config.build, value: result })
}

/** Gate 2: the repository contract suite passed on both stores, for the build that runs. */
export async function contractSuite({ engine, unit }: GateContext): Promise<Measurement> {
  const evidence = await latestEvidence(engine.pool, unit.name, 2, 0n)
  const ofThisBuild = evidence?.build === engine.config.build ? evidence : null
  const result = ofThisBuild === null ? null : contractResultSchema.parse(ofThisBuild.value)
  const sample = result === null ? 0 : Math.min(result.mongo.passed, result.postgres.passed)
  const failed = result === null ? 0 : result.mongo.failed + result.postgres.failed
  return {
    met: sample > 0 && failed === 0,
    value:
      result === null
        ? `no result for build ${engine.config.build}${evidence === null ? '' : ` (newest: build ${evidence.build})`}`
        : `MongoDB ${result.mongo.passed} passed, ${result.mongo.failed} failed; Postgres ${result.postgres.passed} passed, ${result.postgres.failed} failed`,
    threshold: 'all passed on both stores, for this build',
    sample,
    remedy: 'run the contract suites and record the result: landbridge gates --record-contract FILE',
  }
}
