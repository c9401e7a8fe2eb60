import type { StatusPriorityCount, TimeToResolve } from './model.ts'

/** One line per status and priority as they are shown, ordered by both, the missing ones last. */
export function mergeCounts(counts: readonly StatusPriorityCount[]): StatusPriorityCount[] {
  const merged = new Map<string, StatusPriorityCount>()
  for (const line of counts) {
    const key = JSON.stringify([line.status, line.priority])
    merged.set(key, { ...line, count: line.count + (merged.get(key)?.count ?? 0) })
  }
  return [...merged.values()].sort(
    (left, right) => byText(left.status, right.status) || byText(left.priority, right.priority),
  )
}

/** How long the disputes of a category took together. */
export interface TimeTaken {
  category: string | null
  count: number
  /** Whole milliseconds, as a number of any size. */
  totalMs: bigint
}

/** One line per category as it is shown, ordered by it, the missing one last. */
export function meanTimes(times: readonly TimeTaken[]): TimeToResolve[] {
  const merged = new Map<string | null, TimeTaken>()
  for (const { category, count, totalMs } of times) {
    const known = merged.get(category)
    merged.set(category, {
      category,
      count: count + (known?.count ?? 0),
      totalMs: totalMs + (known?.totalMs ?? 0n),
    })
  }
  return [...merged.values()]
    .map(({ category, count, totalMs }) => ({ category, count, meanMs: Number(totalMs / BigInt(count)) }))
    .sort((left, right) => byText(left.category, right.category))
}

function byText(left: string | null, right: string | null): number {
  if (left === right) return 0
  if (left === null) return 1
  if (right === null) return -1
  return left < right ? -1 : 1
}
