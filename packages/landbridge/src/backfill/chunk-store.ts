import type { ClientBase, Pool } from 'pg'
import { z } from 'zod'
import { idBrackets } from '../source/id-order.ts'
import { boundFromBytes, type ChunkBounds } from './chunk-bounds.ts'

/**
 * `planning`: not cut yet. `dumped`: copied from a dump, and not done before what changed since has been mirrored.
 * `split`: its halves are chunks of their own.
 */
const chunkStatuses = ['planning', 'pending', 'dumped', 'done', 'split'] as const
type ChunkStatus = (typeof chunkStatuses)[number]

/** A chunk as its row says. */
export interface Chunk {
  id: string
  collection: string
  bounds: ChunkBounds
  status: ChunkStatus
  /** Whether what is copied is read back and compared at once, or left to verify but for a sample. */
  compare: 'inline' | 'later'
}

const rowSchema = z.object({
  id: z.string(),
  collection: z.string(),
  bracket: z.enum(idBrackets),
  lower: z.instanceof(Buffer).nullable(),
  upper: z.instanceof(Buffer).nullable(),
  status: z.enum(chunkStatuses),
  compare: z.enum(['inline', 'later']),
})

export async function readChunk(client: ClientBase, id: string): Promise<Chunk | undefined> {
  const { rows } = await client.query(
    `select id, collection, bson_type as bracket, lower_bound as lower, upper_bound as upper, status,
       coalesce((select e.compare from landbridge.backfill_expected e
         where e.collection = chunk.collection), 'inline') as compare
     from landbridge.chunk where id = $1`,
    [id],
  )
  if (rows[0] === undefined) return undefined
  const { bracket, lower, upper, ...rest } = rowSchema.parse(rows[0])
  return { ...rest, bounds: { bracket, lower: boundFromBytes(lower), upper: boundFromBytes(upper) } }
}

export async function pendingChunkIds(client: Pool | ClientBase, collection: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    "select id from landbridge.chunk where collection = $1 and status = 'pending' order by id",
    [collection],
  )
  return rows.map((row) => row.id)
}

/** Belongs into the transaction that copied the chunk; started_at is when that began. */
export async function recordChunk(
  client: ClientBase,
  id: string,
  copied: { documents: number; rows: number; bytes: number; quarantined: number; epoch: bigint },
): Promise<void> {
  await client.query(
    `update landbridge.chunk set status = 'done', documents = $2, rows = $3, bytes = $4, quarantined = $5, epoch = $6,
       started_at = now(), finished_at = clock_timestamp(), error = null
     where id = $1`,
    [id, copied.documents, copied.rows, copied.bytes, copied.quarantined, copied.epoch],
  )
}

/** So many chunks that failed are a fault of the mapping or of a store: the collection is given up for this time. */
export const maxFailedChunks = 3

/** Notes why a chunk could not be copied; it waits for the next call of `backfill`. */
export async function failChunk(client: Pool | ClientBase, id: string, error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error)
  await client.query("update landbridge.chunk set error = $2 where id = $1 and status = 'pending'", [
    id,
    message,
  ])
}

/** What failed before is tried again. */
export async function forgetFailures(client: Pool | ClientBase, collection: string): Promise<void> {
  await client.query(
    "update landbridge.chunk set error = null where collection = $1 and status = 'pending' and error is not null",
    [collection],
  )
}

/** Whether too many chunks of the collection failed to go on with it. */
export async function isGivenUp(client: Pool | ClientBase, collection: string): Promise<boolean> {
  const { rows } = await client.query<{ failed: number }>(
    `select count(*)::int as failed from landbridge.chunk
     where collection = $1 and status = 'pending' and error is not null`,
    [collection],
  )
  return (rows[0]?.failed ?? 0) >= maxFailedChunks
}

/** The first failure that is noted for a collection, with the chunk's id. */
export async function firstFailure(
  client: Pool | ClientBase,
  collection: string,
): Promise<{ chunk: string; error: string } | undefined> {
  const { rows } = await client.query<{ chunk: string; error: string }>(
    `select id as chunk, error from landbridge.chunk
     where collection = $1 and status = 'pending' and error is not null order by id limit 1`,
    [collection],
  )
  return rows[0]
}

const progressSchema = z.object({
  collection: z.string(),
  chunks: z.coerce.number(),
  done: z.coerce.number(),
  documents: z.coerce.number(),
  quarantined: z.coerce.number(),
})
/** How far a collection's backfill is; `chunks` is 0 before it is planned. */
export type ChunkProgress = z.infer<typeof progressSchema>

export async function readChunkProgress(
  client: Pool | ClientBase,
  collection: string,
): Promise<ChunkProgress> {
  const { rows } = await client.query(
    `select $1::text as collection, count(*) as chunks, count(*) filter (where status = 'done') as done,
       coalesce(sum(documents), 0) as documents, coalesce(sum(quarantined), 0) as quarantined
     from landbridge.chunk where collection = $1 and status <> 'split'`,
    [collection],
  )
  return progressSchema.parse(rows[0])
}
