import type { PoolClient } from 'pg'
import { idFromBytes } from '../source/id-key.ts'
import { type ChunkBounds, isInBounds } from './chunk-bounds.ts'

/** Entities that had lost a unique value and must be mirrored again because they, or the holder, were copied anew. */
export async function losersTouching(
  tx: PoolClient,
  collection: string,
  bounds: ChunkBounds,
): Promise<Buffer[]> {
  const { rows } = await tx.query<{ loser: Buffer; holder: Buffer }>(
    'select legacy_id as loser, holder_legacy_id as holder from landbridge.unique_loser where collection = $1',
    [collection],
  )
  return rows
    .filter(
      (row) => isInBounds(idFromBytes(row.loser), bounds) || isInBounds(idFromBytes(row.holder), bounds),
    )
    .map((row) => row.loser)
}
