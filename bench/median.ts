/** The median: what half of the times stay below. One slow answer of a busy machine does not move it. */
export function medianMs(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new Error('There is no median of no times')
  return middle
}
