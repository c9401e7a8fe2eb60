import type { PoolClient } from 'pg'
import type { Mapping, TableShape } from '../mapping/types.ts'
import { childrenDeepestFirst } from '../target/entities.ts'
import { identifier, tableName } from '../target/identifier.ts'

/**
 * Empties the tables of an append-only collection before it is copied anew. Their triggers refuse every delete, also
 * under replica role, so they are switched off within the transaction, which only the tables' owner may do.
 */
export async function emptyAppendOnly(tx: PoolClient, mapping: Mapping): Promise<void> {
  for (const table of [...childrenDeepestFirst(mapping), mapping.table]) {
    const triggers = await alwaysFiring(tx, table)
    for (const name of triggers) {
      await tx.query(`alter table ${tableName(table)} disable trigger ${identifier(name)}`)
    }
    await tx.query(`delete from ${tableName(table)}`)
    for (const name of triggers) {
      await tx.query(`alter table ${tableName(table)} enable always trigger ${identifier(name)}`)
    }
  }
}

async function alwaysFiring(tx: PoolClient, table: TableShape): Promise<string[]> {
  const { rows } = await tx.query<{ name: string }>(
    `select tgname as name from pg_trigger
     where tgrelid = $1::regclass and not tgisinternal and tgenabled = 'A' order by tgname`,
    [tableName(table)],
  )
  return rows.map((row) => row.name)
}
