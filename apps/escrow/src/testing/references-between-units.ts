import { readFileSync } from 'node:fs'
import type pg from 'pg'

const migration = new URL('../../drizzle/0006_references_between_units.sql', import.meta.url)

/**
 * Takes the foreign keys between units away, as a move does while not all of them are in Postgres: so a test of one
 * unit needs no rows of the others.
 */
export async function dropReferencesBetweenUnits(pool: pg.Pool): Promise<void> {
  const sql = readFileSync(migration, 'utf8')
  for (const [, table, constraint] of sql.matchAll(/ALTER TABLE ("\w+") ADD CONSTRAINT ("\w+")/g)) {
    await pool.query(`alter table ${table} drop constraint ${constraint}`)
  }
}
