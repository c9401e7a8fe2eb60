import { type Engine, mappingOf } from 'landbridge'
import { dirtOf } from '../../../seed/legacy/dirt-table.ts'
import type { FilledDatabase } from '../../../seed/legacy/fill.ts'
import type { QuarantinedGroup } from './report.ts'

/** How many documents of a collection the table of dirt sends to quarantine, and how many stood there. */
export interface QuarantineCheck {
  collection: string
  predicted: number
  found: number
}

/** Compares quarantine with the table of dirt, for the collections that cross; only those with one or the other. */
export function checkQuarantine(
  engine: Engine,
  filled: FilledDatabase,
  units: readonly string[],
  quarantine: readonly QuarantinedGroup[],
): QuarantineCheck[] {
  return [...filled.collections.keys()]
    .filter((collection) => units.includes(mappingOf(engine, collection)?.unit ?? ''))
    .map((collection) => ({
      collection,
      predicted: predictedOf(filled, collection),
      found: quarantine
        .filter((group) => group.collection === collection)
        .reduce((sum, { count }) => sum + count, 0),
    }))
    .filter(({ predicted, found }) => predicted > 0 || found > 0)
}

function predictedOf(filled: FilledDatabase, collection: string): number {
  const kinds = filled.collections.get(collection)?.kinds
  return dirtOf(collection)
    .filter(({ outcome }) => outcome === 'quarantine')
    .reduce((sum, { kind }) => sum + (kinds?.get(kind) ?? 0), 0)
}
