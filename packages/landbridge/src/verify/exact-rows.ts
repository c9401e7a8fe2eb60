import type { PoolClient } from 'pg'
import { readUnitRow } from '../fence/unit-row.ts'
import type { Difference } from '../mapping/canonical-form.ts'
import { compareRows } from '../mapping/compare-rows.ts'
import type { EntityRows, Mapping } from '../mapping/types.ts'
import type { MirrorTarget } from '../mirror/mirror-target.ts'
import { mapRaw } from '../mirror/source-state.ts'
import { directionOf } from '../phase.ts'

/** What the rows of an entity that gives its document again differ in from those that the mapping makes of it. */
export type RowCheck = (target: MirrorTarget, raw: Uint8Array, rows: EntityRows) => Difference[]

/**
 * Some columns say nothing about the document (the legacy id as text, what people look rows up by): no document
 * shows that they are wrong. As long as appliers alone have written a unit's rows, these must be the mapping's to the
 * last column. Once the application has written them, documents decide alone, because it may spell a row otherwise;
 * so they do for whoever lost a unique value, whose rows depend on others.
 */
export async function rowCheckFor(
  tx: PoolClient,
  mapping: Mapping,
  targets: readonly MirrorTarget[],
): Promise<RowCheck> {
  const unit = await readUnitRow(tx, mapping.unit)
  if (directionOf(unit.phase) !== 'to-postgres' || unit.entered.postgres !== undefined) return () => []
  const { rows: losers } = await tx.query<{ legacyId: Buffer }>(
    `select distinct legacy_id as "legacyId" from landbridge.unique_loser
     where collection = $1 and legacy_id = any($2::bytea[])`,
    [mapping.collection, targets.map(({ legacyId }) => legacyId)],
  )
  const lost = new Set(losers.map(({ legacyId }) => legacyId.toString('base64')))
  return (target, raw, rows) =>
    lost.has(target.legacyId.toString('base64')) ? [] : differencesOfRows(mapping, target, raw, rows)
}

function differencesOfRows(
  mapping: Mapping,
  target: MirrorTarget,
  raw: Uint8Array,
  rows: EntityRows,
): Difference[] {
  const state = mapRaw(mapping, target, raw)
  if (state.kind !== 'mapped') return []
  return compareRows(mapping, state.rows, rows).map(({ table, index, column }) => {
    const [left, right] = [state.rows, rows].map(({ tables }) => {
      const row = tables[table]?.[index]
      return column === undefined ? row : row?.[column]
    })
    const path = ['rows', table, index, ...(column === undefined ? [] : [column])].join('.')
    if (left === undefined) return { path, kind: 'extra', left, right }
    return right === undefined
      ? { path, kind: 'missing', left, right }
      : { path, kind: 'changed', left, right }
  })
}
