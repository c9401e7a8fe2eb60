import type { PoolClient } from 'pg'

/** What a step into `mongo` makes worthless: Postgres is not mirrored any more, so a second copy starts from nothing. */
const cleared = [
  'chunk',
  'backfill_expected',
  'pg_dualwrite_gaps',
  'quarantine',
  'verify_run',
  'difference',
  'shadow_sample',
  'evidence',
  'waiver',
  'history_lost',
] as const

export async function clearEvidence(tx: PoolClient, unit: string): Promise<void> {
  for (const table of cleared) await tx.query(`delete from landbridge.${table} where unit = $1`, [unit])
}
