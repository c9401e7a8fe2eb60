import { z } from 'zod'
import type { Engine } from '../engine.ts'
import { assertUnit } from '../fence/assert-unit.ts'
import { settleForeignKeys } from '../fence/foreign-keys.ts'
import { settleFence } from '../fence/settle-fence.ts'
import { install } from '../install.ts'
import { checkMongo, checkPostgres, checkUnits, type Diagnosis } from '../observe/diagnose.ts'
import { checkIndexes } from '../observe/index-parity.ts'
import { actor, parseInput } from './input.ts'

const doctorInput = z.object({ actor, repair: z.boolean().default(false) })

export interface DoctorReport {
  ok: boolean
  checks: Diagnosis[]
  repaired: string[]
}

/**
 * Looks for what would stop a crossing, or has been left behind by one: privileges, replica set, standbys, triggers,
 * copies, fences, foreign keys, indexes. With `repair` it first does again what can be done at any time.
 */
export async function doctor(engine: Engine, input: z.input<typeof doctorInput>): Promise<DoctorReport> {
  const { actor: by, repair } = parseInput(doctorInput, input)
  const repaired = repair ? await mend(engine, by) : []
  const checks = [
    ...(await checkPostgres(engine)),
    ...(await checkMongo(engine)),
    ...(await checkUnits(engine)),
    ...(await checkIndexes(engine)),
  ]
  return { ok: checks.every((check) => check.level !== 'bad'), checks, repaired }
}

async function mend(engine: Engine, by: string): Promise<string[]> {
  const repaired: string[] = []
  const { attached } = await install(engine)
  repaired.push(...attached.map((unit) => `triggers of ${unit}`))
  for (const unit of engine.config.units) {
    if (await settleFence(engine, unit)) repaired.push(`fence of ${unit.name} undone`)
    if ((await assertUnit(engine, unit)) === 'asserted') repaired.push(`MongoDB's side of ${unit.name}`)
  }
  const keys = await settleForeignKeys(engine, by)
  repaired.push(...[...keys.taken, ...keys.rebuilt].map((key) => `foreign key ${key}`))
  return repaired
}
