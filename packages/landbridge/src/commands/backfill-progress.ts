import type { BackfillProgress } from '../backfill/watch-backfill.ts'
import { span } from '../gates/gate.ts'
import type { OnProgress } from '../operator-api/input.ts'
import { plural } from './print.ts'

const EVERY_MS = 1_000

/**
 * Shows a backfill's progress once a second, and at once when it begins or ends to wait: lines for people, or, with
 * `--json`, one JSON object a line on stderr, where stdout holds the result alone.
 */
export function backfillProgress(
  options: { json?: boolean; quiet?: boolean },
  onProgress: OnProgress,
): (progress: BackfillProgress) => void {
  let shownAt = Number.NEGATIVE_INFINITY
  let waitsFor: string | null = null
  return (progress) => {
    const isNews = progress.throttledBy !== waitsFor || progress.total.percent === 100
    if (!isNews && performance.now() - shownAt < EVERY_MS) return
    shownAt = performance.now()
    waitsFor = progress.throttledBy
    if (options.json !== true) onProgress(describeProgress(progress))
    else if (options.quiet !== true) process.stderr.write(`${JSON.stringify(asLine(progress))}\n`)
  }
}

function asLine({ unit, collection, total, workers, throttledBy }: BackfillProgress) {
  return { unit, collection, ...total, workers, throttledBy }
}

/** "payment (payments): 24 %, 12000 of 50000 documents, 31000 rows, 1200/s, 3.4 MB/s, 32 s left, 2 workers". */
export function describeProgress({
  unit,
  collection,
  total,
  workers,
  throttledBy,
}: BackfillProgress): string {
  const left =
    total.remainingSeconds === null || total.remainingSeconds === 0
      ? []
      : [`${span(total.remainingSeconds * 1_000)} left`]
  const parts = [
    `${total.percent} %`,
    `${total.documents} of ${total.expected} documents`,
    `${total.rows} rows`,
    `${total.documentsPerSecond}/s`,
    `${total.megabytesPerSecond} MB/s`,
    ...left,
    plural(workers, 'worker'),
  ]
  return `${unit} (${collection}): ${parts.join(', ')}${throttledBy === null ? '' : `; waits: ${throttledBy}`}`
}
