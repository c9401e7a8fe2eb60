import type { PoolClient } from 'pg'
import type { Engine } from '../../engine.ts'
import type { Mapping } from '../../mapping/types.ts'
import { lockForApplying } from '../../target/applier-check.ts'
import { tableName } from '../../target/identifier.ts'
import { databaseFault, isBusy, sqlStates } from '../../target/sql-state.ts'
import { inTransaction } from '../../target/transaction.ts'
import { whenNotBusy } from '../../target/when-not-busy.ts'
import { noteTakenIndexes } from './taken-index.ts'

const LOCK_WAIT_MS = 500
/** Smaller collections are copied before their indexes could be taken away and built. */
const BULK_FROM = 20_000

/** Whether a collection of so many documents is worth it; `wanted` is what the caller was told. */
export function isBulk({ config }: Engine, documents: number, wanted = true): boolean {
  return wanted && documents >= (config.backfill.bulkFrom ?? BULK_FROM)
}

/**
 * Bulk mode: takes the secondary indexes of a collection's tables away, if all of them are empty, and writes them down
 * in the same transaction. Primary keys stay (live mirrors update by them), and foreign keys do: under replica role
 * they cost a copy nothing. Answers how many were taken; none where the tables are in use, or are not ours to change.
 */
export async function takeIndexesAway(engine: Engine, mapping: Mapping): Promise<number> {
  let taken = 0
  try {
    await whenNotBusy(async () => {
      taken = await inTransaction(engine.pool, { lockTimeoutMs: LOCK_WAIT_MS }, (tx) => takeAway(tx, mapping))
    })
  } catch (error) {
    const isForbidden = databaseFault(error)?.state === sqlStates.insufficientPrivilege
    if (!isForbidden && !isBusy(error)) throw error
    engine.log.warn(
      { err: error, collection: mapping.collection },
      'the indexes stay while the collection is copied, which takes longer: they could not be taken away',
    )
  }
  return taken
}

async function takeAway(tx: PoolClient, mapping: Mapping): Promise<number> {
  const { unit, collection } = mapping
  await lockForApplying(tx, unit, 'to-postgres')
  for (const table of mapping.tables) {
    // Nobody may write between the look and the drop; readers of an empty table wait no time.
    await tx.query(`lock table ${tableName(table)} in access exclusive mode`)
    const { rowCount } = await tx.query(`select from ${tableName(table)} limit 1`)
    if (rowCount !== 0) return 0
  }
  let taken = 0
  for (const table of mapping.tables) {
    // Duplicates are settled by deleting rows, which an append-only table refuses: it keeps what makes them impossible.
    const unique = !mapping.appendOnly
    const drops = await noteTakenIndexes(tx, { unit, collection, table: tableName(table), unique })
    for (const { drop } of drops) await tx.query(drop)
    taken += drops.length
  }
  return taken
}
