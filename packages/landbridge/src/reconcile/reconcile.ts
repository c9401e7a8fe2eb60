import { type Engine, mappingOf } from '../engine.ts'
import { countGaps, dueGaps, type Gap } from '../mirror/gaps.ts'
import type { MirrorOutcome } from '../mirror/mirror-result.ts'
import { mirrorToPostgres } from '../mirror/to-postgres.ts'

const BATCH = 200
/** After so many failed attempts a gap is reported as one that persists. */
const PERSISTS_AFTER = 5

export interface ReconcileReport {
  mirrored: number
  deleted: number
  quarantined: number
  findings: number
  /** Gaps that are still open, those that were not due included. */
  left: number
}

export interface ReconcileOptions {
  /** Also gaps whose next attempt is not due yet: what an operator's call means. */
  all?: boolean
  signal?: AbortSignal
}

/**
 * Works off gaps, of one unit or of all, until none is left that can be closed now. Several processes may do it at
 * once. A gap is deleted by the mirror that closes it, in the version that it read before the source.
 */
export async function reconcile(
  engine: Engine,
  unit?: string,
  options: ReconcileOptions = {},
): Promise<ReconcileReport> {
  const report: ReconcileReport = { mirrored: 0, deleted: 0, quarantined: 0, findings: 0, left: 0 }
  const tried = new Set<string>()
  while (options.signal?.aborted !== true) {
    const limit = BATCH + tried.size
    const due = await dueGaps(engine.pool, { unit, limit, dueOnly: options.all !== true })
    // Each version once a call: a gap that stays open must not be tried again and again.
    const gaps = due.filter((gap) => !tried.has(attemptKey(gap))).slice(0, BATCH)
    if (gaps.length === 0) break
    for (const gap of gaps) tried.add(attemptKey(gap))
    for (const [collection, some] of Map.groupBy(gaps, (gap) => gap.collection)) {
      for (const outcome of await mirrorGaps(engine, collection, some)) count(report, outcome)
    }
  }
  report.left = await warnOfPersisting(engine, unit)
  return report
}

/** A gap that fails gets a new version and a later next attempt, so it counts as tried in any version. */
function attemptKey(gap: Gap): string {
  return `${gap.collection} ${gap.legacyId.toString('base64')}`
}

async function mirrorGaps(
  engine: Engine,
  collection: string,
  gaps: readonly Gap[],
): Promise<MirrorOutcome[]> {
  const mapping = mappingOf(engine, collection)
  if (mapping === undefined) {
    engine.log.warn(
      { collection, gaps: gaps.length },
      'gaps of a collection that the configuration does not know',
    )
    return []
  }
  const rawIds = gaps.map((gap) => gap.rawId)
  const results = await mirrorToPostgres(engine, mapping, rawIds, { reason: 'reconcile' })
  return results.map((result) => result.outcome)
}

function count(report: ReconcileReport, outcome: MirrorOutcome): void {
  if (outcome === 'mirrored') report.mirrored++
  else if (outcome === 'deleted') report.deleted++
  else if (outcome === 'quarantined') report.quarantined++
  else if (outcome === 'finding') report.findings++
}

async function warnOfPersisting(engine: Engine, unit: string | undefined): Promise<number> {
  const counts = await countGaps(engine.pool, unit)
  for (const { unit: name, open, oldestMs, attempts } of counts) {
    if (attempts >= PERSISTS_AFTER || oldestMs > engine.config.timing.gapMaxAgeMs) {
      engine.log.error({ alert: 'gap-persists', unit: name, open, oldestMs, attempts }, 'a gap persists')
    }
  }
  return counts.reduce((sum, each) => sum + each.open, 0)
}

/** Reconciles every `timing.reconcileEveryMs`, beginning now. */
export function startReconcile(engine: Engine): { stop(): Promise<void> } {
  const abort = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  const round = () => {
    running = reconcile(engine, undefined, { signal: abort.signal })
      .then(() => undefined)
      .catch((error: unknown) => {
        engine.log.error({ err: error }, 'reconcile failed; it is tried again')
      })
      .finally(() => {
        if (!abort.signal.aborted) timer = setTimeout(round, engine.config.timing.reconcileEveryMs)
      })
  }
  round()
  return {
    stop: async () => {
      abort.abort()
      clearTimeout(timer)
      await running
    },
  }
}
