import type { PoolClient } from 'pg'
import type { Engine } from '../engine.ts'
import { unitChannel } from '../nodes/node-connection.ts'
import { inTransaction } from '../target/transaction.ts'
import { readUnitRow, type UnitRow } from './unit-row.ts'

/**
 * The one door to changes of a unit's row. Takes the unit's lock exclusively first, so that it waits for running
 * writers once instead of starving behind their share locks (A8); commits synchronously whatever the database's
 * default, because a forgotten commit gives a unit two authorities (C5); and tells every node at the commit. The
 * session ends by itself if this process stops in the middle.
 */
export async function changeUnitRow<T>(
  engine: Engine,
  unit: string,
  timeoutMs: number,
  work: (tx: PoolClient, row: UnitRow) => Promise<T>,
): Promise<T> {
  return inTransaction(engine.pool, { statementTimeoutMs: timeoutMs }, async (tx) => {
    await tx.query(
      "select set_config('synchronous_commit', 'on', true), set_config('idle_in_transaction_session_timeout', $1, true)",
      [String(Math.ceil(timeoutMs))],
    )
    await tx.query('select pg_advisory_xact_lock(landbridge.unit_lock_key($1))', [unit])
    const result = await work(tx, await readUnitRow(tx, unit))
    await tx.query('select pg_notify($1, $2)', [unitChannel, unit])
    return result
  })
}
