import type { ClientBase } from 'pg'
import { z } from 'zod'

/** What the engine has noted of some entities, read in one statement before the source is read. */
export interface Standing {
  gaps: { legacyId: Buffer; version: bigint }[]
  quarantined: Buffer[]
  /** Those of these entities that have lost a unique value. */
  losers: Buffer[]
  /**
   * Entities that must be mirrored together with these: who lost a value to one of them, and who holds a value that
   * one of them has lost.
   */
  relatives: Buffer[]
}

const rowSchema = z.object({
  kind: z.enum(['gap', 'quarantined', 'loser', 'relative']),
  legacyId: z.instanceof(Buffer),
  version: z.coerce.bigint().nullable(),
})

/** Reads it under the entities' locks: nobody else mirrors them meanwhile, and a later gap has a later version. */
export async function readStanding(
  client: ClientBase,
  collection: string,
  legacyIds: readonly Buffer[],
): Promise<Standing> {
  const { rows } = await client.query(
    `select 'gap' as kind, legacy_id as "legacyId", version from landbridge.pg_dualwrite_gaps
       where collection = $1 and legacy_id = any($2::bytea[])
     union all select 'quarantined', legacy_id, null from landbridge.quarantine
       where collection = $1 and legacy_id = any($2::bytea[])
     union all select 'loser', legacy_id, null from landbridge.unique_loser
       where collection = $1 and legacy_id = any($2::bytea[])
     union all select 'relative', holder_legacy_id, null from landbridge.unique_loser
       where collection = $1 and legacy_id = any($2::bytea[])
     union all select 'relative', legacy_id, null from landbridge.unique_loser
       where collection = $1 and holder_legacy_id = any($2::bytea[])`,
    [collection, legacyIds],
  )
  const standing: Standing = { gaps: [], quarantined: [], losers: [], relatives: [] }
  for (const row of rows) {
    const { kind, legacyId, version } = rowSchema.parse(row)
    if (kind === 'gap') standing.gaps.push({ legacyId, version: version ?? 0n })
    else if (kind === 'quarantined') standing.quarantined.push(legacyId)
    else if (kind === 'loser') standing.losers.push(legacyId)
    else standing.relatives.push(legacyId)
  }
  return standing
}
