import type { PoolClient } from 'pg'
import { type Engine, mappingOf } from '../../engine.ts'
import type { Mapping } from '../../mapping/types.ts'
import { mirrorToPostgres } from '../../mirror/to-postgres.ts'
import { isValueTaken } from '../../target/sql-state.ts'
import { inTransaction } from '../../target/transaction.ts'
import { whenNotBusy } from '../../target/when-not-busy.ts'
import { settleDuplicates } from './settle-duplicates.ts'
import { noteBuilt, readTakenIndexes, type TakenIndex } from './taken-index.ts'

/** Builds at once; Postgres adds workers of its own to each where the table is large. */
const AT_ONCE = 2
const ALTER_WAIT_MS = 500
/** More than Postgres' default, which would sort on disk. */
const SORT_MEMORY = '128MB'
/** Live mirrors may bring new duplicates between two tries. */
const MAX_TRIES = 5

/**
 * Builds what was taken away, with the same names and definitions. Can be interrupted at any point and called again:
 * the row of an index is deleted in the transaction that builds it. Writers of the table wait meanwhile no longer than
 * they wait for any lock: mirrors leave gaps, which reconcile works off. Answers how many were built.
 */
export async function buildIndexes(
  engine: Engine,
  of: { unit?: string; collection?: string } = {},
): Promise<number> {
  const taken = await readTakenIndexes(engine.pool, of)
  const waiting = taken.filter((index) => !index.isBuilt)
  const again: { mapping: Mapping; rawIds: unknown[] }[] = []
  const build = async () => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift())
      again.push(...(await buildIndex(engine, index)))
  }
  const outcomes = await Promise.allSettled(Array.from({ length: AT_ONCE }, build))
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  // A constraint wants its table for itself, so it comes when no index of the table is being built any more.
  for (const index of taken) if (index.constraint !== null) await addConstraint(engine, index)
  // Only now, so that every constraint has its say. Until then each of them is a gap.
  for (const { mapping, rawIds } of again)
    await mirrorToPostgres(engine, mapping, rawIds, { reason: 'backfill' })
  return taken.length
}

async function buildIndex(
  engine: Engine,
  index: TakenIndex,
): Promise<{ mapping: Mapping; rawIds: unknown[] }[]> {
  const settled: { mapping: Mapping; rawIds: unknown[] }[] = []
  for (let attempt = 1; ; attempt++) {
    try {
      await inTransaction(engine.pool, {}, (tx) => createIndex(tx, index))
      return settled
    } catch (error) {
      const mapping = mappingOf(engine, index.collection)
      if (!isValueTaken(error) || mapping === undefined || attempt === MAX_TRIES) throw error
      settled.push({ mapping, rawIds: await settleDuplicates(engine, mapping, index) })
    }
  }
}

/** The definition is Postgres' own text of the index, kept when it was taken; nothing of it comes from users. */
async function createIndex(tx: PoolClient, index: TakenIndex): Promise<void> {
  // Two who finish the same backfill: the second finds nothing to do.
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`landbridge:index:${index.id}`])
  const { rowCount } = await tx.query('select from landbridge.taken_index where id = $1 and not is_built', [
    index.id,
  ])
  if (rowCount === 0) return
  await tx.query(
    `select set_config('maintenance_work_mem', $1, true)
     where pg_size_bytes(current_setting('maintenance_work_mem')) < pg_size_bytes($1)`,
    [SORT_MEMORY],
  )
  await tx.query(index.definition)
  await noteBuilt(tx, index, index.constraint === null)
}

async function addConstraint(engine: Engine, index: TakenIndex): Promise<void> {
  await whenNotBusy(() =>
    inTransaction(engine.pool, { lockTimeoutMs: ALTER_WAIT_MS }, async (tx) => {
      const { rowCount } = await tx.query(
        'select from landbridge.taken_index where id = $1 and is_built for update',
        [index.id],
      )
      if (rowCount === 0) return
      await tx.query(`alter table ${index.table} ${index.constraint}`)
      await noteBuilt(tx, index, true)
    }),
  )
}
