import type { Engine } from '../engine.ts'
import type { Mapping } from '../mapping/types.ts'
import { identifier, tableName } from '../target/identifier.ts'
import { entityColumn } from '../target/rows.ts'
import { inTransaction } from '../target/transaction.ts'

/** Past half of the 32 bits that a row keeps of its transaction, older and newer cannot be told apart. */
const MAX_TRANSACTIONS = 2_000_000_000n

/** The oldest transaction that is still running: what it and later ones write may not be seen yet. */
export async function readTransactionHorizon(engine: Engine): Promise<bigint> {
  const { rows } = await engine.pool.query<{ xid: string }>(
    'select pg_snapshot_xmin(pg_current_snapshot())::text as xid',
  )
  return BigInt(rows[0]?.xid ?? 0)
}

/** Whether rows still tell if they were written since then. Not so in a database that was restored. */
export async function canTellSince(engine: Engine, horizon: bigint): Promise<boolean> {
  const passed = (await readTransactionHorizon(engine)) - horizon
  return passed >= 0n && passed < MAX_TRANSACTIONS
}

/**
 * Entities with a row that was inserted or updated since, by whomever: the rows themselves say it, so nothing is
 * missed that went past triggers. Rows that are gone tell nothing; see `countBoth`. What waits in the outbox counts
 * as changed too.
 */
export async function entitiesWrittenSince(
  engine: Engine,
  mapping: Mapping,
  horizon: bigint,
): Promise<Set<string>> {
  const selects = mapping.tables.map((table) => {
    const column = identifier(entityColumn(table))
    return `select ${column} as entity from ${tableName(table)} where age(xmin) <= age($1::xid8::xid)`
  })
  const { rows } = await inTransaction(engine.pool, { readOnly: true }, (tx) =>
    tx.query<{ entity: string }>(
      `${selects.join(' union ')}
       union select entity from landbridge.change_outbox where collection = $2`,
      [String(horizon), mapping.collection],
    ),
  )
  return new Set(rows.map(({ entity }) => entity))
}
