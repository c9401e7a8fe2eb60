import { setTimeout as sleep } from 'node:timers/promises'
import { type Engine, listQuarantine } from 'landbridge'
import { type MoneyBook, moneyBooks } from './money-books.ts'
import { addSums, type MoneyKey, type MoneyLines, type MoneySum, nothing, sameSums } from './money-line.ts'
import { sumsInMongo } from './sums-in-mongo.ts'
import { sumsInPostgres } from './sums-in-postgres.ts'

export interface MoneyStores extends Pick<Engine, 'pool' | 'database'> {
  /** Ids of a collection's documents that stand in quarantine. */
  quarantined(collection: string): Promise<unknown[]>
}

export interface MoneyPair {
  mongo: MoneySum
  postgres: MoneySum
}

export interface MoneyReport {
  equal: boolean
  /** Lines by day that were compared, and the entries in them. */
  lines: number
  entries: number
  /** Documents in quarantine, which stand in MongoDB alone and are in no sum, by collection. */
  leftOut: Record<string, number>
  /** Sums of all days. */
  totals: (Omit<MoneyKey, 'day'> & MoneyPair)[]
  /** Lines that stayed different. */
  differences: (MoneyKey & MoneyPair)[]
}

/**
 * Compares the money of both stores by provider, status and day (the ledger by kind, direction and day), to the last
 * decimal. Under live writes two sums are never of one moment, so a line that differs is looked at again; what differs
 * in every look is reported. It does not read through the repositories, which it is there to check.
 */
export async function reconcileMoney(
  stores: MoneyStores,
  {
    looks = 30,
    restMs = 300,
    books = moneyBooks,
  }: { looks?: number; restMs?: number; books?: readonly MoneyBook[] } = {},
): Promise<MoneyReport> {
  const leftOut: Record<string, number> = {}
  const settled = new Map<string, MoneyKey & MoneyPair>()
  let open: Map<string, MoneyKey & MoneyPair> | undefined
  for (let look = 0; look < looks && open?.size !== 0; look += 1) {
    if (look > 0) await sleep(restMs)
    const pairs = new Map<string, MoneyKey & MoneyPair>()
    for (const book of books) {
      const ids = await stores.quarantined(book.collection)
      leftOut[book.collection] = ids.length
      const [mongo, postgres] = await Promise.all([
        sumsInMongo(stores, book, ids),
        sumsInPostgres(stores, book),
      ])
      for (const [key, pair] of pairLines(mongo, postgres)) pairs.set(key, pair)
    }
    // Lines that first appear in a later look are of writes after the first one.
    const looked: [string, MoneyKey & MoneyPair][] = [...(open ?? pairs)].map(([key, before]) => [
      key,
      pairs.get(key) ?? { ...before, mongo: nothing, postgres: nothing },
    ])
    open = new Map()
    for (const [key, pair] of looked) {
      ;(sameSums(pair.mongo, pair.postgres) ? settled : open).set(key, pair)
    }
  }
  const differences = [...(open?.values() ?? [])]
  const all = [...settled.values(), ...differences]
  return {
    equal: differences.length === 0,
    lines: all.length,
    entries: all.reduce((sum, { mongo }) => sum + mongo.count, 0),
    leftOut,
    totals: withoutDays(all),
    differences,
  }
}

/** The stores that an engine moves between. */
export function moneyStoresOf({ pool, database }: Engine): MoneyStores {
  return {
    pool,
    database,
    quarantined: async (collection) =>
      (await listQuarantine(pool, { collection, limit: 100_000 })).map(({ rawId }) => rawId),
  }
}

function pairLines(mongo: MoneyLines, postgres: MoneyLines): Map<string, MoneyKey & MoneyPair> {
  const pairs = new Map<string, MoneyKey & MoneyPair>()
  for (const [key, line] of [...mongo, ...postgres]) {
    const { collection, day, words, currency } = line
    pairs.set(key, {
      collection,
      day,
      words,
      currency,
      mongo: sumOf(mongo.get(key)),
      postgres: sumOf(postgres.get(key)),
    })
  }
  return pairs
}

function sumOf(line: MoneySum | undefined): MoneySum {
  return line === undefined ? nothing : { count: line.count, amount: line.amount }
}

function withoutDays(lines: readonly (MoneyKey & MoneyPair)[]): MoneyReport['totals'] {
  const totals = new Map<string, MoneyReport['totals'][number]>()
  for (const { collection, words, currency, mongo, postgres } of lines) {
    const key = JSON.stringify([collection, words, currency])
    const known = totals.get(key)
    totals.set(key, {
      collection,
      words,
      currency,
      mongo: addSums(known?.mongo ?? nothing, mongo),
      postgres: addSums(known?.postgres ?? nothing, postgres),
    })
  }
  return [...totals].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, total]) => total)
}
