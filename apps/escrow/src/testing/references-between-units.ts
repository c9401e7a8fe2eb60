import { readdirSync, readFileSync } from 'node:fs'
import type pg from 'pg'

const folder = new URL('../../drizzle/', import.meta.url)

/**
 * Takes the foreign keys between units away, as a move does while not all of them are in Postgres: so a test of one
 * unit needs no rows of the others.
 */
export async function dropReferencesBetweenUnits(pool: pg.Pool): Promise<void> {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('references_between_units.sql'))) {
    const sql = readFileSync(new URL(file, folder), 'utf8')
    for (const [, table, constraint] of sql.matchAll(/ALTER TABLE ("\w+") ADD CONSTRAINT ("\w+")/g)) {
      await pool.query(`alter table ${table} drop constraint ${constraint}`)
    }
  }
}
