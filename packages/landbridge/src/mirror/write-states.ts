import type { PoolClient } from 'pg'
import type { UnitRow } from '../fence/unit-row.ts'
import { rowsEqual } from '../mapping/compare-rows.ts'
import type { EntityRows, Mapping } from '../mapping/types.ts'
import { putInQuarantine, takeOutOfQuarantine } from '../quarantine/quarantine.ts'
import { deleteEntities, readEntities, writeEntities } from '../target/entities.ts'
import { identifier } from '../target/identifier.ts'
import { keepIgnoredColumns } from '../target/ignored-columns.ts'
import { entityColumn } from '../target/rows.ts'
import { writeAppendOnly } from './append-only.ts'
import type { MirrorOutcome } from './mirror-result.ts'
import type { SourceState } from './source-state.ts'

/** What a writer of states must know beside them. */
export interface WriteContext {
  unit: UnitRow
  /** Legacy ids that stand in quarantine now. */
  quarantined: readonly Buffer[]
  /**
   * Read the rows first and leave those that are right already. Capture sees every write that was mirrored inline,
   * and writing all of them twice would double what Postgres has to do.
   */
  compareFirst: boolean
}

/**
 * Brings rows and quarantine to what the source holds. The caller has the unit's and the entities' locks and has
 * read the states under them. Answers by the target's key.
 */
export async function writeStates(
  tx: PoolClient,
  mapping: Mapping,
  context: WriteContext,
  states: readonly SourceState[],
): Promise<Map<string, MirrorOutcome>> {
  if (mapping.appendOnly) return writeAppendOnly(tx, mapping, context, states)
  const mapped = states.flatMap((state) => (state.kind === 'mapped' ? [state.rows] : []))
  await deleteEntities(tx, mapping, entityIds(states.filter((state) => state.kind !== 'mapped')))
  const differing = context.compareFirst ? await withoutEqual(tx, mapping, mapped) : mapped
  const restore = await keepInGrowingChildren(tx, mapping, differing)
  await writeEntities(tx, mapping, differing)
  await restore()
  return settleQuarantine(tx, mapping, context, states)
}

/** Rows of growing children are deleted and inserted again; the other tables are updated in place. */
async function keepInGrowingChildren(
  tx: PoolClient,
  mapping: Mapping,
  entities: readonly EntityRows[],
): Promise<() => Promise<void>> {
  const tables = mapping.tables.filter((table) => table.element !== undefined)
  if (tables.length === 0 || entities.length === 0) return async () => {}
  const ids = entities.map((entity) => entity.id)
  return keepIgnoredColumns(tx, { tables }, (table) => ({
    where: `${identifier(entityColumn(table))} = any($1::uuid[])`,
    values: [ids],
  }))
}

async function withoutEqual(tx: PoolClient, mapping: Mapping, entities: EntityRows[]): Promise<EntityRows[]> {
  const present = await readEntities(
    tx,
    mapping,
    entities.map((entity) => entity.id),
  )
  return entities.filter((entity) => {
    const rows = present.get(entity.id)
    return rows === undefined || !rowsEqual(mapping, entity, rows)
  })
}

/**
 * Refused documents into quarantine, all others out of it: success releases in the same transaction. The rows of a
 * document that can no longer be mapped must not stay behind, so the caller has deleted them.
 */
export async function settleQuarantine(
  tx: PoolClient,
  mapping: Mapping,
  context: Pick<WriteContext, 'unit' | 'quarantined'>,
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
      epoch: context.unit.epoch,
      ...state.refusal,
    })),
  )
  const released = states.filter(
    ({ kind, target }) => kind !== 'refused' && context.quarantined.some((id) => id.equals(target.legacyId)),
  )
  await takeOutOfQuarantine(tx, mapping.collection, legacyIds(released))
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
