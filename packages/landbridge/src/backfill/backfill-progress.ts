import type { ClientBase, Pool } from 'pg'
import { z } from 'zod'
import { maxFailedChunks } from './chunk-store.ts'

/** The rates are those of the last half minute: what waited then counts, what was long ago does not. */
const WINDOW_SECONDS = 30

const collectionSchema = z.object({
  collection: z.string(),
  /** 0 before it is planned. */
  chunks: z.coerce.number(),
  done: z.coerce.number(),
  /** Chunks that somebody copies or will copy. */
  pending: z.coerce.number(),
  /** Chunks that could not be copied and wait for the next call. */
  failed: z.coerce.number(),
  documents: z.coerce.number(),
  /** Documents when the backfill began; null if nobody has counted. */
  expected: z.coerce.number().nullable(),
  rows: z.coerce.number(),
  bytes: z.coerce.number(),
  quarantined: z.coerce.number(),
  documentsPerSecond: z.coerce.number(),
  bytesPerSecond: z.coerce.number(),
})

/** How far one collection's backfill is. */
export type CollectionProgress = z.infer<typeof collectionSchema>

/** How far a unit's backfill is, whoever copies it. */
export interface UnitProgress {
  chunks: number
  done: number
  pending: number
  failed: number
  documents: number
  expected: number
  rows: number
  megabytes: number
  percent: number
  documentsPerSecond: number
  megabytesPerSecond: number
  /** Null while nothing moves. */
  remainingSeconds: number | null
}

/** One row for each collection that has chunks, from the chunks alone: so it is the same for every process. */
export async function readCollectionProgress(
  client: Pool | ClientBase,
  unit: string,
): Promise<CollectionProgress[]> {
  const { rows } = await client.query(
    `with recent as (
       select c.collection, sum(c.documents) as documents, sum(c.bytes) as bytes,
         greatest(0.001, extract(epoch from clock_timestamp() - greatest(min(c.started_at),
           clock_timestamp() - interval '${WINDOW_SECONDS} seconds'))) as seconds
       from landbridge.chunk c
       where c.unit = $1 and c.finished_at > clock_timestamp() - interval '${WINDOW_SECONDS} seconds'
       group by c.collection
     )
     select c.collection, count(*) as chunks, count(*) filter (where c.status = 'done') as done,
       count(*) filter (where c.status = 'pending' and c.error is null) as pending,
       count(*) filter (where c.status = 'pending' and c.error is not null) as failed,
       coalesce(sum(c.documents), 0) as documents, coalesce(sum(c.rows), 0) as rows,
       coalesce(sum(c.bytes), 0) as bytes, coalesce(sum(c.quarantined), 0) as quarantined,
       (select e.documents from landbridge.backfill_expected e where e.collection = c.collection) as expected,
       coalesce(max(r.documents / r.seconds), 0) as "documentsPerSecond",
       coalesce(max(r.bytes / r.seconds), 0) as "bytesPerSecond"
     from landbridge.chunk c left join recent r on r.collection = c.collection
     where c.unit = $1 and c.status <> 'split' group by c.collection order by min(c.id)`,
    [unit],
  )
  return rows.map((row) => collectionSchema.parse(row))
}

/** Sums the collections up. */
export function unitProgress(collections: readonly CollectionProgress[]): UnitProgress {
  const sum = (pick: (each: CollectionProgress) => number) =>
    collections.reduce((total, each) => total + pick(each), 0)
  const documents = sum((each) => each.documents)
  const [chunks, done] = [sum((each) => each.chunks), sum((each) => each.done)]
  // A collection that is done has as many documents as it had; one that grew has at least those that were copied.
  const expected = sum((each) =>
    each.done === each.chunks ? each.documents : Math.max(each.expected ?? 0, each.documents),
  )
  const documentsPerSecond = sum((each) => each.documentsPerSecond)
  const isComplete = chunks > 0 && done === chunks
  const left = expected - documents
  return {
    chunks,
    done,
    pending: sum((each) => each.pending),
    failed: sum((each) => each.failed),
    documents,
    expected,
    rows: sum((each) => each.rows),
    megabytes: rounded(sum((each) => each.bytes) / 1_000_000),
    percent: isComplete ? 100 : Math.min(99, Math.floor((documents / Math.max(1, expected)) * 100)),
    documentsPerSecond: Math.round(documentsPerSecond),
    megabytesPerSecond: rounded(sum((each) => each.bytesPerSecond) / 1_000_000),
    remainingSeconds: isComplete ? 0 : documentsPerSecond > 0 ? Math.ceil(left / documentsPerSecond) : null,
  }
}

/** Whether somebody still has something to copy: neither done nor given up. */
export function isWaiting(each: CollectionProgress): boolean {
  return each.failed < maxFailedChunks && each.pending > 0
}

/**
 * Keeps how many documents there are, for percent and remaining time (the first count of a backfill stays), and how
 * all workers compare what they copy from now on.
 */
export async function noteExpected(
  client: Pool | ClientBase,
  expected: {
    unit: string
    collection: string
    documents: number
    restart: boolean
    compare: 'inline' | 'later'
  },
): Promise<void> {
  await client.query(
    `insert into landbridge.backfill_expected as e (collection, unit, documents, compare) values ($1, $2, $3, $5)
     on conflict (collection) do update set compare = excluded.compare,
       documents = case when $4 then excluded.documents else e.documents end,
       noted_at = case when $4 then now() else e.noted_at end`,
    [expected.collection, expected.unit, expected.documents, expected.restart, expected.compare],
  )
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
