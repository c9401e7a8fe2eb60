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
}

const rowSchema = z.object({
  id: z.string(),
  collection: z.string(),
  bracket: z.enum(idBrackets),
  lower: z.instanceof(Buffer).nullable(),
  upper: z.instanceof(Buffer).nullable(),
  status: z.enum(chunkStatuses),
})

export async function readChunk(client: ClientBase, id: string): Promise<Chunk | undefined> {
  const { rows } = await client.query(
    `select id, collection, bson_type as bracket, lower_bound as lower, upper_bound as upper, status
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

/** Belongs into the transaction that copied the chunk. */
export async function recordChunk(
  client: ClientBase,
  id: string,
  copied: { documents: number; quarantined: number; epoch: bigint },
): Promise<void> {
  await client.query(
    `update landbridge.chunk set status = 'done', documents = $2, quarantined = $3, epoch = $4, finished_at = now()
     where id = $1`,
    [id, copied.documents, copied.quarantined, copied.epoch],
  )
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
