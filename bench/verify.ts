import { mappingOf } from '../packages/landbridge/src/engine.ts'
import { mirrorToPostgres } from '../packages/landbridge/src/mirror/to-postgres.ts'
import type { OpenEngine } from '../packages/landbridge/src/open-engine.ts'
import { reconcile } from '../packages/landbridge/src/reconcile/reconcile.ts'
import { type VerifyReport, verify } from '../packages/landbridge/src/verify/verify.ts'
import type { Benchmark, BenchResult } from './benchmark.ts'
import { escrowWorld, fillCollection } from './escrow-world.ts'
import { medianMs } from './median.ts'
import { changeOneByOne } from './single-changes.ts'
import { wholeBackfill } from './whole-backfill.ts'

const ROUNDS = 3
const never = async () => null

export interface VerifyBenchSizes {
  payments: number
  requests: number
  changes: number
}

const whole: VerifyBenchSizes = { payments: 200_000, requests: 60_000, changes: 1_000 }

/**
 * The full diff of payments (one table) and of purchase requests (seven child tables), each through the engine on
 * both stores.
 *
 * - `ratios.backfill`: time of the backfill (two workers, its own comparison included) over that of the full diff, both
 *   collections together, medians of three rounds in turns; every backfill begins with empty tables and leaves all
 *   indexes and foreign keys in place.
 * - `ratios.incremental`: a second verification after 1 % of the documents changed, over the first.
 * - `figures.changesFound` of `changesMade`: single changes at random in tables, columns and documents of every unit, in
 *   a small copy, undone afterwards; one is found if its entity is reported, and no other is.
 */
export const verifyBenchmark: Benchmark = {
  name: 'verify',
  summary: 'full diff against backfill, what a second one costs, and whether single changes are found',
  run: (tell, { documents }) =>
    runVerifyBenchmark(documents === undefined ? whole : sizesOf(documents), tell),
}

function sizesOf(payments: number): VerifyBenchSizes {
  const share = payments / whole.payments
  return {
    payments,
    requests: Math.round(whole.requests * share),
    changes: Math.min(whole.changes, Math.max(50, Math.round(whole.changes * share))),
  }
}

export async function runVerifyBenchmark(
  sizes: VerifyBenchSizes,
  tell: (step: string) => void,
): Promise<BenchResult & { ok: boolean }> {
  await using world = await escrowWorld()
  const { engine } = world
  tell(`write ${sizes.payments} payments and ${sizes.requests} requests`)
  const collections = [
    { unit: 'payment', collection: 'payments', documents: sizes.payments },
    { unit: 'request', collection: 'purchaserequests', documents: sizes.requests },
  ]
  const figures: Record<string, number> = {}
  const sums = { backfill: 0, full: 0, incremental: 0 }
  for (const { unit, collection, documents } of collections) {
    await fillCollection(engine, collection, documents)
    const times = { backfill: [] as number[], full: [] as number[], incremental: [] as number[] }
    for (let round = 0; round < ROUNDS; round++) {
      await emptyTables(engine, collection)
      tell(`${collection}, round ${round + 1}: backfill`)
      times.backfill.push(await timed(() => wholeBackfill(engine, unit, collection)))
      await reconcile(engine, unit, { all: true })
      tell(`${collection}, round ${round + 1}: full diff`)
      times.full.push(await timed(() => verifyEqual(engine, unit, collection, 'full', documents)))
      tell(`${collection}, round ${round + 1}: 1 % changes`)
      await changeSome(engine, collection, documents, round)
      times.incremental.push(
        await timed(() => verifyEqual(engine, unit, collection, 'changes', documents / 100)),
      )
    }
    tell(
      `${collection}: ${JSON.stringify(times, (_, value) => (typeof value === 'number' ? Math.round(value) : value))} ms`,
    )
    const [copied, compared, again] = [times.backfill, times.full, times.incremental].map(medianMs)
    figures[`${collection}BackfillPerSecond`] = Math.round((documents / (copied ?? 0)) * 1_000)
    figures[`${collection}VerifyPerSecond`] = Math.round((documents / (compared ?? 0)) * 1_000)
    figures[`${collection}IncrementalMs`] = Math.round(again ?? 0)
    sums.backfill += copied ?? 0
    sums.full += compared ?? 0
    sums.incremental += again ?? 0
    await emptyTables(engine, collection)
    await engine.database.collection(collection).deleteMany({})
  }
  figures.rssMb = Math.round(process.memoryUsage().rss / 2 ** 20)
  const { made, found, wrong } = await changeOneByOne(engine, sizes.changes, tell)
  const ratios = {
    backfill: rounded(sums.backfill / sums.full),
    incremental: rounded(sums.incremental / sums.full),
  }
  const ok =
    ratios.backfill >= 1 &&
    ratios.incremental < 0.05 &&
    found === made &&
    made === sizes.changes &&
    wrong === 0
  return {
    figures: { ...figures, changesMade: made, changesFound: found, wronglyReported: wrong },
    ratios,
    ok,
  }
}

async function verifyEqual(
  engine: OpenEngine,
  unit: string,
  collection: string,
  kind: 'full' | 'changes',
  atLeast: number,
): Promise<VerifyReport> {
  const full = kind === 'full'
  const report = await verify(engine, unit, {
    restart: full,
    collections: [collection],
    graceMs: 0,
    throttle: never,
  })
  const [compared] = report.collections
  if (compared === undefined || !report.complete || compared.kind !== kind || compared.compared < atLeast) {
    throw new Error(`The verification of ${collection} was not what it should be: ${describe(report)}`)
  }
  if (report.differences > 0) throw new Error(`The stores differ: ${describe(report)}`)
  return report
}

function describe(report: VerifyReport): string {
  return JSON.stringify(report.collections, (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  ).slice(0, 2_000)
}

/** Every hundredth document, as a live mirror would bring it over. */
async function changeSome(
  engine: OpenEngine,
  collection: string,
  documents: number,
  round: number,
): Promise<void> {
  const mapping = mappingOf(engine, collection)
  if (mapping === undefined) throw new Error(`${collection} has no mapping`)
  const every = await engine.database
    .collection(collection)
    .find({}, { projection: { _id: 1 } })
    .map(({ _id }) => _id)
    .toArray()
  const ids = every.filter((_, i) => i % 100 === round).slice(0, Math.ceil(documents / 100))
  const updatedAt = new Date(Date.UTC(2026, 6, 1 + round))
  await engine.database
    .collection(collection)
    .updateMany({ _id: { $in: ids } }, { $set: { updatedAt } }, { bypassDocumentValidation: true })
  for (let from = 0; from < ids.length; from += 200) {
    await mirrorToPostgres(engine, mapping, ids.slice(from, from + 200), { reason: 'capture' })
  }
}

async function emptyTables(engine: OpenEngine, collection: string): Promise<void> {
  const tables = mappingOf(engine, collection)?.tables.map(({ name }) => `"${name}"`) ?? []
  const client = await engine.pool.connect()
  try {
    await client.query('begin; set local session_replication_role = replica')
    await client.query(`truncate ${tables.join(', ')} cascade`)
    for (const state of [
      'chunk',
      'quarantine',
      'pg_dualwrite_gaps',
      'unique_loser',
      'difference',
      'verify_run',
    ]) {
      await client.query(`delete from landbridge.${state} where collection = $1`, [collection])
    }
    await client.query('commit')
  } finally {
    client.release()
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000
}
