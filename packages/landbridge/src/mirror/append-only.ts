import type { PoolClient } from 'pg'
import { type Difference, differences } from '../mapping/canonical-form.ts'
import { comparable } from '../mapping/comparable.ts'
import type { EntityRows, Mapping } from '../mapping/types.ts'
import { insertEntities, readEntities } from '../target/entities.ts'
import { storeDifferences, toStored } from '../verify/difference-store.ts'
import type { MirrorOutcome } from './mirror-result.ts'
import type { SourceState } from './source-state.ts'
import { entityIds, settleQuarantine, type WriteContext } from './write-states.ts'

/**
 * An append-only collection takes new entries and nothing else. An entry that was copied and is now different or
 * gone in MongoDB is a finding for people, listed as a difference; its rows stay as they are.
 */
export async function writeAppendOnly(
  tx: PoolClient,
  mapping: Mapping,
  context: Pick<WriteContext, 'unit' | 'quarantined'>,
  states: readonly SourceState[],
): Promise<Map<string, MirrorOutcome>> {
  const present = await readEntities(tx, mapping, entityIds(states))
  const copied = states.filter(
    (state) => state.target.entity !== undefined && present.has(state.target.entity),
  )
  const fresh = states.filter((state) => !copied.includes(state))
  await insertEntities(
    tx,
    mapping,
    fresh.flatMap((state) => (state.kind === 'mapped' ? [state.rows] : [])),
  )
  const outcomes = await settleQuarantine(tx, mapping, context, fresh)
  for (const state of copied) {
    const rows = present.get(state.target.entity ?? '')
    if (rows !== undefined) outcomes.set(state.target.key, await compareEntry(tx, mapping, state, rows))
  }
  return outcomes
}

/** Compares a copied entry with its source and lists what differs. */
export async function compareEntry(
  tx: PoolClient,
  mapping: Mapping,
  state: SourceState,
  rows: EntityRows,
): Promise<MirrorOutcome> {
  const found = toStored(
    { unit: mapping.unit, collection: mapping.collection, legacyId: state.target.legacyId },
    entryDifferences(mapping, state, rows),
  )
  await storeDifferences(
    tx,
    { collection: mapping.collection, legacyId: state.target.legacyId },
    found.map((difference) => ({ ...difference, reported: true })),
  )
  return found.length === 0 ? 'mirrored' : 'finding'
}

function entryDifferences(mapping: Mapping, state: SourceState, rows: EntityRows): Difference[] {
  if (state.kind === 'mapped') {
    return differences(comparable(mapping, state.document), mapping.rebuildDocument(rows))
  }
  const copied = mapping.rebuildDocument(rows)
  // Gone, or changed into something that cannot be mapped: the whole entry differs.
  return state.kind === 'absent'
    ? [{ path: '', kind: 'extra', left: undefined, right: copied }]
    : [{ path: state.refusal.path, kind: 'changed', left: state.refusal.reason, right: copied }]
}
