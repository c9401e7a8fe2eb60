import { setTimeout as sleep } from 'node:timers/promises'
import { drainToMarker, type VerifyReport } from 'landbridge'
import {
  advance,
  backfill,
  drill,
  gates,
  preflight,
  reconcile,
  shadow,
  verify,
  waive,
} from 'landbridge/operator-api'
import type { UnitName } from '../../units.ts'
import { checkMoney } from './check-money.ts'
import { operator, type RehearsalContext } from './rehearsal-context.ts'
import type { UnitReport } from './report.ts'
import { tryAgain } from './try-again.ts'

/** Something to do while a unit stands in a phase: the rehearsal's trouble. */
export type WhileIn = Partial<Record<'mirror' | 'shadow' | 'postgres', () => Promise<void>>>

/**
 * Walks the units of a wave from MongoDB to phase `postgres`, through every phase, with both drills. One unit after
 * the other takes each step; where they only have to stand and be looked at, they stand together.
 */
export async function walkWave(
  context: RehearsalContext,
  wave: readonly UnitName[],
  troubles: ReadonlyMap<UnitName, WhileIn>,
): Promise<void> {
  for (const unit of wave) await walkToShadow(context, unit, troubles.get(unit))
  await sleep(dwellMs(context))
  for (const unit of wave) await walkToPostgres(context, unit, troubles.get(unit))
  await sleep(dwellMs(context))
}

async function walkToShadow(context: RehearsalContext, unit: UnitName, trouble: WhileIn = {}): Promise<void> {
  const { engine, progress } = context
  progress.title(unit)
  await waive(engine, {
    unit,
    gates: gatesOfTime(context),
    actor: operator,
    reason: 'a rehearsal has no days to wait, and compares no production hardware',
  })
  await lookBefore(context, unit)
  await step(context, unit)
  await copy(context, unit)
  await trouble.mirror?.()
  await settle(context, unit)
  await step(context, unit)
  await trouble.shadow?.()
}

async function walkToPostgres(
  context: RehearsalContext,
  unit: UnitName,
  trouble: WhileIn = {},
): Promise<void> {
  await settle(context, unit)
  await checkMoney(context, unit, 'mongo')
  await rehearseTheWayBack(context, unit)
  await step(context, unit)
  await trouble.postgres?.()
}

/** Scans what is going to move; freezes the schema for gate 1. */
async function lookBefore({ engine, progress }: RehearsalContext, unit: UnitName): Promise<void> {
  const found = await preflight(engine, { unit, actor: operator }, (text) => progress.now(`${unit}: ${text}`))
  const count = (outcome: 'extra' | 'quarantine') =>
    found.findings.filter((each) => each.outcome === outcome).reduce((sum, each) => sum + each.count, 0)
  progress.done(
    `${unit}: preflight of ${found.documents} documents: ${count('extra')} values will be kept in extra, ` +
      `${count('quarantine')} documents cannot cross as they are`,
  )
}

/** How long a wave stands in a phase under load. */
export function dwellMs({ options, waves }: RehearsalContext): number {
  return Math.max(1_500, (options.seconds * 1_000) / (waves.length * 4))
}

/** Gates 5 and 9 are days; gate 7 compares servers, and a stand-in is none. */
function gatesOfTime({ stores }: RehearsalContext): number[] {
  return stores.mongo.kind === 'stand-in' ? [5, 7, 9] : [5, 9]
}

/** One step up; a gate that needs a little more time gets it. */
async function step(context: RehearsalContext, unit: UnitName): Promise<void> {
  const { engine, progress } = context
  const result = await tryAgain(progress, unit, async () => {
    // Also before another try: what was measured for the last one has grown old meanwhile.
    await untilReady(context, unit)
    return advance(engine, { unit, actor: operator }, (text) => progress.now(`${unit}: ${text}`))
  })
  if (result.kind !== 'advanced') throw new Error(`${unit} did not advance: ${JSON.stringify(result)}`)
  const report = reportOf(context, unit)
  if (result.change.pauseMs !== null) report.pausesMs.push(result.change.pauseMs)
  report.phase = result.change.to
  for (const gate of result.gates) {
    report.gates = report.gates.filter((known) => known.gate !== gate.gate)
    report.gates.push({
      gate: gate.gate,
      state: gate.waived === null ? 'met' : 'waived',
      measured: `${gate.name}: ${gate.value}`,
    })
  }
  report.gates.sort((left, right) => left.gate - right.gate)
  const pause =
    result.change.pauseMs === null ? '' : `, writes paused for ${Math.round(result.change.pauseMs)} ms`
  progress.done(`${unit}: ${result.change.from} → ${result.change.to}${pause}`)
}

/**
 * Waits until the gates of the next step hold: open gaps are worked off, the watermark is made fresh, mismatches that
 * a write in flight explains grow old. What stays is named by `advance`, with what shadow reads saw.
 */
async function untilReady(context: RehearsalContext, unit: UnitName): Promise<void> {
  const { engine, progress } = context
  const until = Date.now() + 60_000
  while (Date.now() < until) {
    const now = await gates(engine, { unit })
    if (now.ready) return
    const unmet = now.gates.find((gate) => !gate.met && gate.waived === null)
    progress.now(`${unit}: gate ${unmet?.gate}: ${unmet?.value}`)
    if (now.into === 'postgres') await verifyNow(context, unit)
    else await reconcile(engine, { unit })
    await sleep(500)
  }
  const { methods } = await shadow(engine, { unit })
  for (const { method, reads, mismatches, lastMismatch } of methods) {
    if (mismatches === 0) continue
    progress.done(`${unit}: ${method}: ${mismatches} of ${reads} differ: ${JSON.stringify(lastMismatch)}`)
  }
}

async function copy({ engine, progress }: RehearsalContext, unit: UnitName): Promise<void> {
  const started = performance.now()
  const report = await backfill(
    engine,
    { unit, actor: operator },
    {
      onProgress: ({ collection, done, chunks, documents }) =>
        progress.now(
          `${unit}: backfill of ${collection}, chunk ${done} of ${chunks}, ${documents} documents`,
        ),
    },
  )
  const failed = report.collections.find((collection) => collection.error !== undefined)
  if (failed !== undefined)
    throw new Error(`backfill of ${failed.collection} failed`, { cause: failed.error })
  const documents = report.collections.reduce((sum, collection) => sum + collection.documents, 0)
  const quarantined = report.collections.reduce((sum, collection) => sum + collection.quarantined, 0)
  const seconds = (performance.now() - started) / 1000
  progress.done(
    `${unit}: ${documents} documents copied, read back and compared in ${seconds.toFixed(1)} s` +
      `${quarantined === 0 ? '' : `, ${quarantined} in quarantine`}`,
  )
}

/** Empties the gaps and verifies; a difference that stays stops the rehearsal. */
export async function settle(context: RehearsalContext, unit: UnitName): Promise<void> {
  const compared = await verifyNow(context, unit)
  context.progress.done(`${unit}: verified, ${compared} documents equal field by field`)
}

async function verifyNow({ engine, progress }: RehearsalContext, unit: UnitName): Promise<number> {
  await drainToMarker(engine, { purpose: `before verify of ${unit}`, timeoutMs: 30_000 })
  await reconcile(engine, { unit })
  const report = await verify(
    engine,
    { unit, actor: operator },
    {
      onProgress: ({ collection, compared }) =>
        progress.now(`${unit}: verify ${collection}, ${compared} compared`),
    },
  )
  if (!report.complete || report.differences > 0) {
    throw new Error(
      `${unit}: ${report.differences} entities differ after verify:\n${describeDifferences(report)}`,
    )
  }
  return report.collections.reduce((sum, collection) => sum + collection.compared, 0)
}

/** What differs, grouped by signature, with an example of each. */
export function describeDifferences(report: VerifyReport): string {
  const lines = report.collections.flatMap(({ collection, groups, error }) => [
    ...(error === undefined ? [] : [`${collection}: ${String(error)}`]),
    ...groups.map(
      (group) =>
        `${collection} ${group.signature} (${group.entities}): MongoDB ${group.mongoValue}, Postgres ${group.postgresValue}`,
    ),
  ])
  return lines.join('\n')
}

async function rehearseTheWayBack(context: RehearsalContext, unit: UnitName): Promise<void> {
  const { engine, progress } = context
  const onScratch = await tryAgain(progress, unit, () =>
    drill(engine, { unit, actor: operator }, (text) => progress.now(`${unit}: drill: ${text}`)),
  )
  if (!onScratch.drill.ok) throw new Error(`${unit}: the drill failed: ${JSON.stringify(onScratch.drill)}`)
  progress.done(`${unit}: drill on scratch collections passed in ${Math.round(onScratch.drill.ms)} ms`)
  const live = await tryAgain(progress, unit, () =>
    drill(engine, { unit, actor: operator, live: true, seconds: 2 }, (text) =>
      progress.now(`${unit}: live drill: ${text}`),
    ),
  )
  const report = reportOf(context, unit)
  if (live.kind === 'live') report.pausesMs.push(...live.drill.pausesMs)
  report.drill = { ok: live.drill.ok, ms: live.drill.ms }
  if (!live.drill.ok) throw new Error(`${unit}: the live drill failed: ${JSON.stringify(live.drill)}`)
  progress.done(`${unit}: live drill: to Postgres and back under load in ${Math.round(live.drill.ms)} ms`)
}

export function reportOf({ units }: RehearsalContext, unit: UnitName): UnitReport {
  const known = units.get(unit)
  if (known !== undefined) return known
  const report: UnitReport = {
    name: unit,
    phase: 'mongo',
    pausesMs: [],
    drill: { ok: false, ms: 0 },
    gates: [],
  }
  units.set(unit, report)
  return report
}
