import { z } from 'zod'
import { detachCapture } from '../capture/triggers.ts'
import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'
import { unitOf } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { changePhase, type PhaseChange } from '../fence/change-phase.ts'
import { renameRetired } from '../fence/rename-retired.ts'
import { readUnitRow, readUnitRows } from '../fence/unit-row.ts'
import type { GateReport } from '../gates/gate.ts'
import { writeAudit } from '../observe/audit.ts'
import { authorityOf } from '../phase.ts'
import { countQuarantine } from '../quarantine/quarantine.ts'
import { requireGates } from './gates.ts'
import { actor, type OnProgress, parseInput, unitName } from './input.ts'

const retireInput = z.object({ unit: unitName, actor })

export type Retired =
  | { kind: 'retired'; unit: string; change: PhaseChange | null; gates: GateReport[]; renamed: string[] }
  | { kind: 'nothing-to-do'; unit: string; message: string }

/**
 * Ends the way back: MongoDB gets the last changes, its collections are renamed and stay read-only until they are
 * dropped by name. What a first call could not finish, a second one does.
 */
export async function retire(
  engine: Engine,
  input: z.input<typeof retireInput>,
  onProgress?: OnProgress,
): Promise<Retired> {
  const { unit, actor: by } = parseInput(retireInput, input)
  const config = unitOf(engine, unit)
  const { phase } = await readUnitRow(engine.pool, unit)
  if (phase === 'retired') {
    const renamed = await afterRetiring(engine, config, by)
    if (renamed.length === 0)
      return { kind: 'nothing-to-do', unit, message: `${unit} is retired; nothing changed` }
    return { kind: 'retired', unit, change: null, gates: [], renamed }
  }
  if (phase !== 'postgres') {
    throw new LandbridgeError(
      errorCodes.stepNotAllowed,
      `${unit} stands in ${phase}; only a unit on Postgres can retire`,
    )
  }
  await refuseWhileRead(engine, unit)
  await refuseUnresolved(engine, unit)
  onProgress?.('measuring the gates into retired')
  const gates = await requireGates(engine, unit, 'retired', by)
  const change = await changePhase(engine, {
    unit,
    to: 'retired',
    actor: by,
    onStep: (step) => onProgress?.(step),
  })
  onProgress?.('renaming the collections')
  const renamed = await afterRetiring(engine, config, by)
  return { kind: 'retired', unit, change, gates, renamed }
}

async function afterRetiring(engine: Engine, unit: UnitConfig, by: string): Promise<string[]> {
  await detachCapture(engine.pool, unit.name)
  const renamed = await renameRetired(engine, unit)
  if (renamed.length > 0) {
    await writeAudit(engine.pool, { actor: by, action: 'rename', unit: unit.name, detail: { renamed } })
  }
  return renamed
}

/** Renaming a collection under another unit's feet would break its reads in MongoDB. */
async function refuseWhileRead(engine: Engine, unit: string): Promise<void> {
  const rows = await readUnitRows(engine.pool)
  const readers = engine.config.units.filter((other) => {
    const row = rows.find((each) => each.name === other.name)
    return (
      other.readsInMongo?.includes(unit) === true && row !== undefined && authorityOf(row.phase) === 'mongo'
    )
  })
  if (readers.length === 0) return
  throw new LandbridgeError(
    errorCodes.stepNotAllowed,
    `${unit} cannot retire yet: ${readers.map((reader) => reader.name).join(', ')} still read its collections in MongoDB; move them first`,
  )
}

async function refuseUnresolved(engine: Engine, unit: string): Promise<void> {
  const { unresolved } = await countQuarantine(engine.pool, unit)
  if (unresolved === 0) return
  throw new LandbridgeError(
    errorCodes.gateNotMet,
    `${unit} cannot retire yet: ${unresolved} documents in quarantine are unresolved; look at \`landbridge quarantine list --unit ${unit}\`, then release or accept them`,
  )
}
