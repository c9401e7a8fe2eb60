import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'
import { type DryRun, dryRunFence } from '../fence/dry-run.ts'
import { type DrillFailure, type RebuiltCollection, rebuildCollection } from './rebuild-collection.ts'

export interface DrillReport {
  unit: string
  ok: boolean
  ms: number
  entities: number
  collections: Omit<RebuiltCollection, 'failures'>[]
  failures: DrillFailure[]
  /** The fence's reading steps in both directions, timed. */
  fences: DryRun[]
}

export interface DrillOptions {
  /** Entities of each collection that are rebuilt. */
  limit: number
  onProgress?: (what: string, done?: number) => void
  signal?: AbortSignal
}

/**
 * Rehearses the way back without touching the unit's collections: every mapped entity is rebuilt into a scratch
 * collection with the real indexes and compared, and the fence is run dry in both directions.
 */
export async function drillUnit(
  engine: Engine,
  unit: UnitConfig,
  options: DrillOptions,
): Promise<DrillReport> {
  const startedAt = performance.now()
  const collections: RebuiltCollection[] = []
  for (const mapping of unit.mappings) {
    collections.push(
      await rebuildCollection(engine, mapping, {
        limit: options.limit,
        signal: options.signal,
        onProgress: (done) => options.onProgress?.(mapping.collection, done),
      }),
    )
  }
  const fences: DryRun[] = []
  for (const to of ['postgres', 'shadow'] as const) {
    options.onProgress?.(`fence towards ${to === 'postgres' ? 'Postgres' : 'MongoDB'}, dry`)
    fences.push(await dryRunFence(engine, unit, to))
  }
  const failures = collections.flatMap((collection) => collection.failures)
  return {
    unit: unit.name,
    ok: failures.length === 0,
    ms: Math.round(performance.now() - startedAt),
    entities: collections.reduce((sum, collection) => sum + collection.entities, 0),
    collections: collections.map(({ collection, entities }) => ({ collection, entities })),
    failures,
    fences,
  }
}
