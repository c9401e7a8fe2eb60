import type { ClientBase, Pool } from 'pg'
import type { Mapping } from '../mapping/types.ts'
import type { IdBracket } from '../source/id-order.ts'
import { boundFromBytes, boundToBytes, type ChunkBounds } from './chunk-bounds.ts'
import type { recordChunk } from './chunk-store.ts'

/** What of a collection has not been cut into chunks yet. */
export interface OpenPlan {
  id: string
  bounds: ChunkBounds
}

export async function countChunks(client: Pool | ClientBase, collection: string): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    "select count(*)::int as n from landbridge.chunk where collection = $1 and status <> 'split'",
    [collection],
  )
  return rows[0]?.n ?? 0
}

/** One open range for each bracket. */
export async function insertPlans(
  tx: ClientBase,
  mapping: Mapping,
  epoch: bigint,
  brackets: readonly IdBracket[],
  dumpTime: bigint | undefined,
): Promise<void> {
  await tx.query(
    `insert into landbridge.chunk (unit, collection, bson_type, status, epoch, dump_time)
     select $1, $2, bracket, 'planning', $3, $5
     from unnest($4::text[]) with ordinality brackets (bracket, n) order by n`,
    [mapping.unit, mapping.collection, epoch, brackets, dumpTime],
  )
}

/** The first range that is to be cut. */
export async function nextPlan(tx: ClientBase, collection: string): Promise<OpenPlan | undefined> {
  const { rows } = await tx.query<{ id: string; bracket: IdBracket; lower: Buffer | null }>(
    `select id, bson_type as bracket, lower_bound as lower from landbridge.chunk
     where collection = $1 and status = 'planning' order by id limit 1`,
    [collection],
  )
  const [row] = rows
  return row && { id: row.id, bounds: { bracket: row.bracket, lower: boundFromBytes(row.lower) } }
}

/** Writes down where the plan goes on, and what the rest of the range is now. */
export async function advancePlan(
  tx: ClientBase,
  plan: OpenPlan,
  to: { lower: unknown; becomes: 'planning' | 'pending' | 'gone' },
): Promise<void> {
  if (to.becomes === 'gone') {
    await tx.query('delete from landbridge.chunk where id = $1', [plan.id])
    return
  }
  await tx.query('update landbridge.chunk set lower_bound = $2, status = $3 where id = $1', [
    plan.id,
    boundToBytes(to.lower),
    to.becomes,
  ])
}

/**
 * Chunks that were copied from another dump, or from any dump when the source is live, are to be copied again: what
 * they hold is old, and nobody will mirror what has changed since that dump. A copy of one of them that is running
 * finds its chunk changed when it records itself, and commits nothing.
 */
export async function takeOver(
  tx: ClientBase,
  collection: string,
  dumpTime: bigint | undefined,
): Promise<void> {
  await tx.query(
    `update landbridge.chunk set dump_time = $2, status = case status when 'dumped' then 'pending' else status end
     where collection = $1 and status in ('planning', 'pending', 'dumped') and dump_time is distinct from $2`,
    [collection, dumpTime],
  )
}

/** Belongs into the transaction that copied the chunk from a dump. Answers false if it was taken over meanwhile. */
export async function recordDumpedChunk(
  tx: ClientBase,
  id: string,
  copied: Parameters<typeof recordChunk>[2] & { dumpTime: bigint },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update landbridge.chunk
     set status = 'dumped', documents = $2, rows = $3, bytes = $4, quarantined = $5, epoch = $6,
       started_at = now(), finished_at = clock_timestamp(), error = null
     where id = $1 and status = 'pending' and dump_time = $7`,
    [id, copied.documents, copied.rows, copied.bytes, copied.quarantined, copied.epoch, copied.dumpTime],
  )
  return rowCount === 1
}

/** What was copied from this dump is done: all that has changed since it was begun has been mirrored. */
export async function finishDumped(
  client: Pool | ClientBase,
  collections: readonly string[],
  dumpTime: bigint,
): Promise<number> {
  const { rowCount } = await client.query(
    `update landbridge.chunk set status = 'done'
     where collection = any($1::text[]) and status = 'dumped' and dump_time = $2`,
    [collections, dumpTime],
  )
  return rowCount ?? 0
}

export async function insertChunks(
  tx: ClientBase,
  mapping: Mapping,
  epoch: bigint,
  dumpTime: bigint | undefined,
  ranges: readonly ChunkBounds[],
): Promise<string[]> {
  if (ranges.length === 0) return []
  const { rows } = await tx.query<{ id: string }>(
    `insert into landbridge.chunk (unit, collection, bson_type, lower_bound, upper_bound, epoch, dump_time)
     select $1, $2, range.bracket, range.lower, range.upper, $3, $7
     from unnest($4::text[], $5::bytea[], $6::bytea[]) as range (bracket, lower, upper) returning id`,
    [
      mapping.unit,
      mapping.collection,
      epoch,
      ranges.map((range) => range.bracket),
      ranges.map((range) => boundToBytes(range.lower)),
      ranges.map((range) => boundToBytes(range.upper)),
      dumpTime,
    ],
  )
  return rows.map((row) => row.id)
}

/**
 * Cuts a chunk that has turned out to be too large, within the transaction that holds its lock and copies what lies
 * below the cut. A mirror that knew only the whole chunk waits for that transaction, or reads before the rest is
 * locked by its own copy, which then reads later. Returns the new chunk.
 */
export async function cutChunk(tx: ClientBase, chunk: string, at: unknown): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>(
    `with rest as (
       insert into landbridge.chunk (unit, collection, bson_type, lower_bound, upper_bound, epoch, dump_time)
       select unit, collection, bson_type, $2, upper_bound, epoch, dump_time from landbridge.chunk where id = $1
       returning id)
     update landbridge.chunk set upper_bound = $2 from rest where chunk.id = $1 returning rest.id`,
    [chunk, boundToBytes(at)],
  )
  return rows[0]?.id
}

/** The first bytes of ids of each bracket, as `id_map` holds them. */
const typesOfBracket: Record<IdBracket, number[]> = {
  minKey: [0xff],
  null: [10],
  number: [1, 16, 18, 19],
  string: [2, 14],
  object: [3],
  binData: [5],
  objectId: [7],
  bool: [8],
  date: [9],
  timestamp: [17],
  dbPointer: [12],
  javascript: [13],
  javascriptWithScope: [15],
  maxKey: [0x7f],
}

/** Whether no row can lie in the range: a bracket without documents may still have rows of documents that are gone. */
export async function holdsNoRows(
  tx: ClientBase,
  mapping: Mapping,
  { bracket }: ChunkBounds,
): Promise<boolean> {
  if (mapping.identity !== 'id-map') return true
  const { rowCount } = await tx.query(
    `select from landbridge.id_map where collection = $1 and get_byte(legacy_id, 4) = any($2::int[]) limit 1`,
    [mapping.collection, typesOfBracket[bracket]],
  )
  return rowCount === 0
}
