import { keptText } from '../../../platform/extra.ts'
import { mergeLines } from '../../../platform/grouped-lines.ts'
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
  return mergeLines(counts, ['status'], (known, { count }) => ({ ...known, count: known.count + count }))
}
