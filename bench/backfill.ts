import type { Document } from 'bson'
import { copyWorld } from './backfill/copy-world.ts'
import { copy, type MeasuredWays, measureWays } from './backfill/measure-ways.ts'
import type { Benchmark, BenchResult } from './benchmark.ts'

const ROUNDS = 3
const [PAYMENTS, REQUESTS] = [200_000, 60_000]
/** The loop's rate is steady, and it is slow. */
const [PAYMENT_SAMPLE, REQUEST_SAMPLE] = [10_000, 5_000]
const [LARGE_DOCUMENTS, LARGE_TEXT] = [6, 15_900_000]

const least = { drizzleLoop: 12, drizzleLoopCompared: 7, copyFloor: 1.2, twoWorkers: 1.5 }
const MOST_RSS_MB = 384

/**
 * The first copy of payments (one table, and their quotes), and of purchase requests with their seven child tables, from
 * BSON files, on one server and into the same end state (all indexes and foreign keys in place, the same rows, which is
 * checked); the ways take turns, a rate is the median of three. Each runs in processes of its own, from the moment when
 * all of them are ready. Ratios of payments stand in `ratios`, those of requests in `ratiosChildren`.
 *
 * - `drizzleLoop`: one worker in bulk mode, index build included, over the usual advice: 500 documents, Drizzle
 *   `insert().values()`, on conflict do nothing. The loop's rows are made beforehand, so that it only reads and inserts.
 * - `drizzleLoopCompared`: the same with inline comparison, which is the default.
 * - `copyFloor`: one worker in bulk mode over COPY of binary files that were prepared, into the indexed tables.
 * - `twoWorkers`: two workers over one, with all indexes in place (range mode) and inline comparison.
 * - `maxRssMb`: the most that a worker held in memory, also while it copied documents near 16 MB.
 */
export const backfillBenchmark: Benchmark = {
  name: 'backfill',
  summary: 'first copies against a Drizzle loop, COPY itself, and two workers',
  async run(tell, { documents = PAYMENTS }): Promise<BenchResult> {
    const share = documents / PAYMENTS
    const payments = await measure('payments', documents, PAYMENT_SAMPLE, tell)
    const requests = await measure('purchaserequests', Math.round(REQUESTS * share), REQUEST_SAMPLE, tell)
    tell(`payments with ${LARGE_DOCUMENTS} documents near 16 MB`)
    const largeRssMb = await measureLarge(Math.max(1_000, Math.round(20_000 * share)))
    const ratios = ratiosOf(payments)
    const maxRssMb = Math.round(Math.max(payments.rssMb, requests.rssMb, largeRssMb))
    const ok =
      Object.entries(least).every(([name, ratio]) => (ratios[name] ?? 0) >= ratio) && maxRssMb < MOST_RSS_MB
    return {
      figures: {
        ...figuresOf('payments', payments),
        ...figuresOf('requests', requests),
        largeRssMb: Math.round(largeRssMb),
        maxRssMb,
      },
      ratios,
      ratiosChildren: ratiosOf(requests),
      ok,
    }
  },
}

async function measure(
  collection: string,
  documents: number,
  sample: number,
  tell: (step: string) => void,
): Promise<MeasuredWays> {
  tell(`${documents} ${collection} into a file`)
  await using world = await copyWorld(collection, documents)
  return await measureWays(world, { rounds: ROUNDS, sample }, tell)
}

async function measureLarge(documents: number): Promise<number> {
  const every = Math.floor(documents / LARGE_DOCUMENTS)
  const enlarge = (document: Document, index: number): Document =>
    index % every === 0 ? { ...document, metadata: { note: 'x'.repeat(LARGE_TEXT) } } : document
  await using world = await copyWorld('payments', documents, enlarge)
  const { rssMb } = await copy(world, { bulk: false, compare: 'inline', workers: 1 })
  return rssMb
}

function ratiosOf({ rates }: MeasuredWays): Record<string, number> {
  return {
    drizzleLoop: rounded(rates.bulk / rates.drizzle),
    drizzleLoopCompared: rounded(rates.bulkCompared / rates.drizzle),
    copyFloor: rounded(rates.bulk / rates.floor),
    twoWorkers: rounded(rates.rangeTwo / rates.rangeOne),
  }
}

function figuresOf(prefix: string, { rates, rssMb }: MeasuredWays): Record<string, number> {
  const named = Object.entries(rates).map(([way, rate]) => [
    `${prefix}${way.charAt(0).toUpperCase()}${way.slice(1)}PerSecond`,
    Math.round(rate),
  ])
  return { ...Object.fromEntries(named), [`${prefix}RssMb`]: Math.round(rssMb) }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
