import type { PoolClient } from 'pg'
import type { UnitRow } from '../fence/unit-row.ts'
import type { Mapping } from '../mapping/types.ts'
import { putInQuarantine, takeOutOfQuarantine } from '../quarantine/quarantine.ts'
import { deleteEntities, writeEntities } from '../target/entities.ts'
import { writeAppendOnly } from './append-only.ts'
import type { MirrorOutcome } from './mirror-result.ts'
import type { SourceState } from './source-state.ts'
import { replaceUniqueLosers } from './unique-losers.ts'

/**
 * Brings rows and quarantine to what the source holds. The caller has the unit's and the entities' locks and has
 * read the states under them. Answers by the target's key.
 */
export async function writeStates(
  tx: PoolClient,
  mapping: Mapping,
  unit: UnitRow,
  states: readonly SourceState[],
): Promise<Map<string, MirrorOutcome>> {
  if (mapping.appendOnly) return writeAppendOnly(tx, mapping, unit, states)
  const mapped = states.filter((state) => state.kind === 'mapped')
  await deleteEntities(tx, mapping, entityIds(states.filter((state) => state.kind !== 'mapped')))
  await writeEntities(
    tx,
    mapping,
    mapped.map((state) => state.rows),
  )
  await replaceUniqueLosers(tx, mapping.collection, legacyIds(states), [])
  return settleQuarantine(tx, mapping, unit, states)
}

/**
 * Refused documents into quarantine, all others out of it: success releases in the same transaction. The rows of a
 * document that can no longer be mapped must not stay behind, so the caller has deleted them.
 */
export async function settleQuarantine(
  tx: PoolClient,
  mapping: Mapping,
  unit: UnitRow,
  states: readonly SourceState[],
): Promise<Map<string, MirrorOutcome>> {
  const refused = states.filter((state) => state.kind === 'refused')
  await putInQuarantine(
    tx,
    refused.map((state) => ({
      unit: mapping.unit,
      collection: mapping.collection,
      legacyId: state.target.legacyId,
      raw: Buffer.from(state.raw),
      epoch: unit.epoch,
      ...state.refusal,
    })),
  )
  await takeOutOfQuarantine(
    tx,
    mapping.collection,
    legacyIds(states.filter((state) => state.kind !== 'refused')),
  )
  return new Map(states.map((state) => [state.target.key, outcomeOf(state)]))
}

export function outcomeOf(state: SourceState): MirrorOutcome {
  return state.kind === 'mapped' ? 'mirrored' : state.kind === 'absent' ? 'deleted' : 'quarantined'
}

export function entityIds(states: readonly SourceState[]): string[] {
  return states.flatMap((state) => (state.target.entity === undefined ? [] : [state.target.entity]))
}

export function legacyIds(states: readonly SourceState[]): Buffer[] {
  return states.map((state) => state.target.legacyId)
}
