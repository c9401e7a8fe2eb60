import { keptText } from '../../../platform/extra.ts'
import type { StatusCount } from './repository.ts'

/** Counts per status as it is shown: rows whose status stands in `extra` are counted under that word. */
export function shownStatuses(
  rows: readonly { status: string | null; kept: unknown; count: number }[],
): StatusCount[] {
  return mergeCounts(
    rows.map(({ status, kept, count }) => ({
      status: status ?? keptText({ status: kept }, 'status'),
      count,
    })),
  )
}

/** One line per status, ordered by it, the missing one last. */
export function mergeCounts(counts: readonly StatusCount[]): StatusCount[] {
  const merged = new Map<string | null, number>()
  for (const { status, count } of counts) merged.set(status, (merged.get(status) ?? 0) + count)
  return [...merged]
    .map(([status, count]) => ({ status, count }))
    .sort((left, right) => byText(left.status, right.status))
}

function byText(left: string | null, right: string | null): number {
  if (left === right) return 0
  if (left === null) return 1
  if (right === null) return -1
  return left < right ? -1 : 1
}
