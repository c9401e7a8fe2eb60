import type { Engine } from '../engine.ts'
import type { Mapping } from '../mapping/types.ts'
import { identifier, tableName } from '../target/identifier.ts'
import { entityColumn } from '../target/rows.ts'
import { inTransaction } from '../target/transaction.ts'

/** Past half of the 32 bits that a row keeps of its transaction, older and newer cannot be told apart. */
const MAX_TRANSACTIONS = 2_000_000_000n
/** More entities than this are not worth being told apart: everything is compared. */
const MAX_ENTITIES = 200_000

/**
 * The oldest transaction of this database that is still running: what it and later ones write may not be seen yet.
 * Who runs is read afterwards: whoever had a number below `next` and runs no more has left its rows to be seen.
 */
export async function readTransactionHorizon(engine: Engine): Promise<bigint> {
  const { rows } = await engine.pool.query<{ oldest: string; next: string }>(
    `select pg_snapshot_xmin(now)::text as oldest, pg_snapshot_xmax(now)::text as next
     from pg_current_snapshot() as now`,
  )
  const [oldest, next] = [BigInt(rows[0]?.oldest ?? 0), BigInt(rows[0]?.next ?? 0)]
  const running = await runningHere(engine)
  if (running === undefined) return oldest
  // Numbers of 32 bits; one that seems far away was given out after `next` was read.
  const ages = running.map((xid) => BigInt.asUintN(32, next - xid)).filter((age) => age < MAX_TRANSACTIONS)
  const [oldestHere = 0n] = ages.sort((a, b) => Number(b - a))
  return next - oldestHere
}

/**
 * Numbers of the transactions that run in this database, prepared ones included. Undefined where the role may not see
 * those of other roles: then other databases count, too, whose long transactions only make more be compared.
 */
async function runningHere(engine: Engine): Promise<bigint[] | undefined> {
  const { rows } = await engine.pool.query<{ xid: string | null; hidden: boolean }>(
    `select backend_xid::text as xid, coalesce(query = '<insufficient privilege>', false) as hidden
     from pg_stat_activity where datname = current_database()
     union all select transaction::text, false from pg_prepared_xacts where database = current_database()`,
  )
  if (rows.some(({ hidden }) => hidden)) return undefined
  return rows.flatMap(({ xid }) => (xid === null ? [] : [BigInt(xid)]))
}

/** Whether rows still tell if they were written since then. Not so in a database that was restored. */
export async function canTellSince(engine: Engine, horizon: bigint): Promise<boolean> {
  const passed = (await readTransactionHorizon(engine)) - horizon
  return passed >= 0n && passed < MAX_TRANSACTIONS
}

/**
 * Entities with a row that was inserted or updated since, by whomever: the rows themselves say it, so nothing is
 * missed that went past triggers. Rows that are gone tell nothing; see `countBoth`. What waits in the outbox counts
 * as changed too. Undefined where there are too many.
 */
export async function entitiesWrittenSince(
  engine: Engine,
  mapping: Mapping,
  horizon: bigint,
): Promise<string[] | undefined> {
  const selects = mapping.tables.map((table) => {
    const column = identifier(entityColumn(table))
    return `select ${column} as entity from ${tableName(table)} where age(xmin) <= age($1::xid8::xid)`
  })
  const { rows } = await inTransaction(engine.pool, { readOnly: true }, (tx) =>
    tx.query<{ entity: string }>(
      `${selects.join(' union ')}
       union select entity from landbridge.change_outbox where collection = $2
       limit ${MAX_ENTITIES + 1}`,
      [String(horizon), mapping.collection],
    ),
  )
  return rows.length > MAX_ENTITIES ? undefined : rows.map(({ entity }) => entity)
}
