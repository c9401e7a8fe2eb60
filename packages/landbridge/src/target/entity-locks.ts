import { crc32 } from 'node:zlib'
import type { PoolClient } from 'pg'

/** A lock an entity would exhaust the server's lock table in one big transaction, so they share slots (A18). */
const SLOTS = 1_024

/** The slot of an entity: the same in every process. */
export function entitySlot(id: string): number {
  return crc32(id) % SLOTS
}

/**
 * Takes the locks of these entities, sorted by slot so that two callers cannot wait for each other, until the
 * transaction ends. A lock that is not granted within `waitMs` fails the transaction with SQLSTATE 55P03 (see
 * `isBusy`): a stopped process must not hang a request (A19).
 */
export async function lockEntities(
  tx: PoolClient,
  unit: string,
  ids: readonly string[],
  options: { waitMs: number },
): Promise<void> {
  if (ids.length === 0) return
  const slots = [...new Set(ids.map(entitySlot))].sort((a, b) => a - b)
  // One statement for the two settings and the locks: nothing is read in it, so its snapshot does not matter.
  await tx.query(
    `select set_config('lock_timeout', $3, true),
       pg_advisory_xact_lock(landbridge.entity_lock_key($1, slot)),
       set_config('lock_timeout', '0', true)
     from unnest($2::int[]) as slots (slot)`,
    [unit, slots, String(Math.max(1, Math.trunc(options.waitMs)))],
  )
}
