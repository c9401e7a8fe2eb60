import { type Engine, mappingOf } from '../engine.ts'
import { changesOfIds, type GrowingChanges } from '../mirror/growing-changes.ts'
import { mirrorToPostgres } from '../mirror/to-postgres.ts'
import type { UnitWatch } from '../nodes/unit-watch.ts'
import { directionOf } from '../phase.ts'
import { idKey } from '../source/id-key.ts'

/** An entity that a transaction on MongoDB wrote. */
export interface Touched {
  collection: string
  id: unknown
  /**
   * Ids of the elements of growing arrays that it appended or changed in place, by path; the rest of those arrays it
   * left alone. Without it the document is mirrored whole.
   */
  elements?: Readonly<Record<string, readonly unknown[]>>
}

/** After this many failures in a row the inline mirror rests: capture brings the writes across meanwhile. */
const failuresToOpen = 3
const restMs = 2_000

/**
 * Mirrors what a request has just written on MongoDB, for freshness only: the change stream mirrors it anyway. So it
 * has one deadline for the whole attempt, connecting included, a breaker, and never fails the caller (A19; and while
 * Postgres is away a request of a unit on MongoDB must not wait for it).
 */
export function inlineMirror(
  engine: Engine,
  watch: UnitWatch,
  unit: string,
): (touched: Touched[], clusterTime: bigint | undefined) => Promise<void> {
  let failures = 0
  let restsUntil = 0
  return async (touched, clusterTime) => {
    if (engine.config.inlineMirror === 'off-path' || touched.length === 0) return
    const { phase } = watch.current(unit)
    if (phase === null || directionOf(phase) !== 'to-postgres') return
    if (performance.now() < restsUntil) return
    try {
      await withDeadline(engine.config.timing.inlineMirrorMs, mirrorTouched(engine, touched, clusterTime))
      failures = 0
    } catch (error) {
      failures += 1
      if (failures >= failuresToOpen) restsUntil = performance.now() + restMs
      engine.log.debug(
        { unit, error },
        'inline mirror gave up; the change stream will bring the write across',
      )
    }
  }
}

async function mirrorTouched(
  engine: Engine,
  touched: Touched[],
  clusterTime: bigint | undefined,
): Promise<void> {
  for (const [collection, entities] of Map.groupBy(touched, (entity) => entity.collection)) {
    const mapping = mappingOf(engine, collection)
    if (mapping === undefined) continue
    await mirrorToPostgres(
      engine,
      mapping,
      entities.map((entity) => entity.id),
      {
        reason: 'inline',
        afterClusterTime: clusterTime,
        deadlineMs: engine.config.timing.inlineMirrorMs,
        changes: namedElements(entities),
      },
    )
  }
}

function namedElements(touched: readonly Touched[]): Map<string, GrowingChanges> {
  return new Map(
    touched.flatMap(({ id, elements }) =>
      elements === undefined ? [] : [[idKey(id), changesOfIds(elements)]],
    ),
  )
}

function withDeadline(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the inline mirror took longer than ${ms} ms`)), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
