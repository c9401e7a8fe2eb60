import { mergeLines } from '../../platform/grouped-lines.ts'
import type { Leader, PointTotal } from './model.ts'

/** What a store summed up of one group of entries: as stored, and without signs. */
export interface PointGroup {
  source: string | null
  type: string | null
  count: number
  signed: number
  unsigned: number
}

/** One line per source and type, ordered by both, the missing ones last. */
export function totalsOf(groups: readonly PointGroup[]): PointTotal[] {
  return mergeLines(groups, ['source', 'type'], (known, group) => ({
    ...known,
    count: known.count + group.count,
    signed: known.signed + group.signed,
    unsigned: known.unsigned + group.unsigned,
  })).map(({ source, type, count, signed, unsigned }) => ({
    source,
    type,
    count,
    points: type === 'spend' || type === 'expire' ? unsigned : signed,
  }))
}

/** Most points first; the id breaks ties. Who has none in the end leads nobody. */
export function leading(earned: readonly Leader[], limit: number): Leader[] {
  const people = mergeLines(earned, ['userId'], (known, { points }) => ({
    ...known,
    points: known.points + points,
  }))
  // Sorting is stable, and the lines come in the order of ids.
  return people
    .filter(({ points }) => points > 0)
    .sort((left, right) => right.points - left.points)
    .slice(0, limit)
}
