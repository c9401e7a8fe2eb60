import type { ClientBase } from 'pg'

/** An entity that has lost a unique value to another. */
export interface UniqueLoser {
  constraint: string
  legacyId: Buffer
  holderLegacyId: Buffer
}

/** Replaces what is noted of these entities as losers. */
export async function replaceUniqueLosers(
  client: ClientBase,
  collection: string,
  legacyIds: readonly Buffer[],
  losers: readonly UniqueLoser[],
): Promise<void> {
  await client.query(
    'delete from landbridge.unique_loser where collection = $1 and legacy_id = any($2::bytea[])',
    [collection, legacyIds],
  )
  if (losers.length === 0) return
  await client.query(
    `insert into landbridge.unique_loser (collection, constraint_name, legacy_id, holder_legacy_id)
     select $1, loser.constraint_name, loser.legacy_id, loser.holder
     from unnest($2::text[], $3::bytea[], $4::bytea[]) as loser (constraint_name, legacy_id, holder)
     on conflict (collection, legacy_id, constraint_name) do update set holder_legacy_id = excluded.holder_legacy_id`,
    [
      collection,
      losers.map((loser) => loser.constraint),
      losers.map((loser) => loser.legacyId),
      losers.map((loser) => loser.holderLegacyId),
    ],
  )
}
