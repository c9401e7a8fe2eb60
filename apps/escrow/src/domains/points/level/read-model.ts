import { cached } from '../../../platform/cached.ts'
import { type Clock, SECOND } from '../../../platform/clock.ts'
import type { Units } from '../../../units.ts'
import { defaultLadder, type LevelStep } from './ladder.ts'

/** What other domains may know of levels. */
export interface LevelReadModel {
  /** The active levels in the order of their points, of the last 30 seconds; the default ones where there are none. */
  ladder(): Promise<readonly LevelStep[]>
  /** The next `ladder` reads them anew. */
  forget(): void
}

export function createLevelReadModel({
  units,
  clock,
}: {
  units: Pick<Units, 'level'>
  clock: Clock
}): LevelReadModel {
  const ladder = cached(clock, 30 * SECOND, async () => {
    const active = await units.level.read.levels.list({ activeOnly: true })
    const steps = active.flatMap(({ level, minPoints }) =>
      level === null || minPoints === null ? [] : [{ level, minPoints }],
    )
    if (steps.length === 0) return defaultLadder
    return steps.sort((left, right) => left.minPoints - right.minPoints || left.level - right.level)
  })
  return { ladder: ladder.get, forget: ladder.forget }
}
