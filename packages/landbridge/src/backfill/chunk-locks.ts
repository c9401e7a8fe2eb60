import type { PoolClient } from 'pg'
import type { MirrorTarget } from '../mirror/mirror-target.ts'
import { bracketOf, type IdBracket, idBrackets } from '../source/id-order.ts'
import { boundFromBytes, isInBounds } from './chunk-bounds.ts'

interface ChunkRange {
  id: string
  bracket: IdBracket
  lower: Buffer | null
  upper: Buffer | null
}

/**
 * Which of these entities lie in a chunk that is being copied right now: their mirror leaves a gap instead of
 * waiting. For all others the chunk's lock is held shared until the transaction ends, so that the chunk cannot read
 * a state before the mirror and write it after. Chunks are looked up in the database and never in a cached plan
 * (A18); one that is done or not planned yet needs no lock, because it reads after it takes its own.
 */
export async function findInBusyChunks(
  tx: PoolClient,
  collection: string,
  targets: readonly MirrorTarget[],
): Promise<Set<string>> {
  const chunks = await pendingChunksOf(tx, collection, targets)
  if (chunks.length === 0) return new Set()
  const { rows } = await tx.query<{ id: string; granted: boolean }>(
    `select id, pg_try_advisory_xact_lock_shared(landbridge.chunk_lock_key(id)) as granted
     from unnest($1::bigint[]) as chunks (id)`,
    [chunks.map((chunk) => chunk.id)],
  )
  const refused = new Set(rows.filter((row) => !row.granted).map((row) => row.id))
  const busy = chunks.filter((chunk) => refused.has(chunk.id))
  const inBusy = targets.filter((target) => busy.some((chunk) => holds(chunk, target.rawId)))
  return new Set(inBusy.map((target) => target.key))
}

/** ObjectIds, which are nearly all, are compared in the database: their BSON sorts as they do. */
async function pendingChunksOf(
  tx: PoolClient,
  collection: string,
  targets: readonly MirrorTarget[],
): Promise<ChunkRange[]> {
  const brackets = [...new Set(targets.map((target) => bracketOf(target.rawId)))]
  const { rows } = await tx.query<ChunkRange>(
    `select id, bson_type as bracket, lower_bound as lower, upper_bound as upper
     from landbridge.chunk
     where collection = $1 and status = 'pending' and bson_type = any($2::text[])
       and (bson_type <> 'objectId' or exists (
         select from unnest($3::bytea[]) as ids (id)
         where (lower_bound is null or lower_bound <= ids.id) and (upper_bound is null or ids.id < upper_bound)))
     order by id`,
    [
      collection,
      brackets,
      targets.filter((target) => bracketOf(target.rawId) === 'objectId').map((target) => target.legacyId),
    ],
  )
  return rows.filter((chunk) => idBrackets.includes(chunk.bracket))
}

function holds(chunk: ChunkRange, rawId: unknown): boolean {
  return isInBounds(rawId, {
    bracket: chunk.bracket,
    lower: boundFromBytes(chunk.lower),
    upper: boundFromBytes(chunk.upper),
  })
}

/** Takes a chunk's lock alone until the transaction ends; false when somebody else copies or mirrors in it. */
export async function tryLockChunk(tx: PoolClient, chunk: string): Promise<boolean> {
  const { rows } = await tx.query<{ granted: boolean }>(
    'select pg_try_advisory_xact_lock(landbridge.chunk_lock_key($1::bigint)) as granted',
    [chunk],
  )
  return rows[0]?.granted === true
}

/** The same, waiting; a lock timeout fails the transaction. */
export async function lockChunk(tx: PoolClient, chunk: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(landbridge.chunk_lock_key($1::bigint))', [chunk])
}
