import type { Engine } from 'landbridge'
import { plan } from 'landbridge/operator-api'
import type { UnitName } from '../../units.ts'

/** More would wait for each other's steps longer than they save by standing together. */
const waveSize = 4

/** The units that cross, a few at a time: in the order that was asked for, or in the one of their references. */
export async function planWaves(
  engine: Engine,
  wanted: readonly UnitName[] | undefined,
): Promise<UnitName[][]> {
  const units = wanted ?? (await plan(engine)).map(({ name }) => name as UnitName)
  return Array.from({ length: Math.ceil(units.length / waveSize) }, (_, wave) =>
    units.slice(wave * waveSize, (wave + 1) * waveSize),
  )
}
