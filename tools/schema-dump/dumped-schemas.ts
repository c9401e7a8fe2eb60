import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { migrateDatabase } from '../../apps/escrow/src/platform/migrate.ts'
import { describeSchema } from './describe-schema.ts'

/** A schema whose text is kept beside the SQL that makes it. */
export interface DumpedSchema {
  /** From the root of the repository. */
  file: string
  schema: string
  /** Makes the schema in an empty database. */
  apply(pool: pg.Pool): Promise<void>
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const engineSql = join(root, 'packages/landbridge/sql')

/** The application's schema, and the engine's own as long as the engine is here. */
export function dumpedSchemas(): DumpedSchema[] {
  const application: DumpedSchema = {
    file: 'apps/escrow/drizzle/schema.sql',
    schema: 'public',
    apply: migrateDatabase,
  }
  // The engine is not imported but read: this file outlives it.
  const engine: DumpedSchema = {
    file: 'packages/landbridge/sql/schema.sql',
    schema: 'landbridge',
    apply: applyNumberedSql,
  }
  return existsSync(engineSql) ? [application, engine] : [application]
}

/** What the file of that schema must hold. */
export async function dumpSchema(pool: pg.Pool, { schema, apply }: DumpedSchema): Promise<string> {
  await apply(pool)
  const client = await pool.connect()
  try {
    return `${header}\n${await describeSchema(client, schema)}`
  } finally {
    // Destroyed, not given back: its search_path was changed.
    client.release(true)
  }
}

export const absolute = (file: string) => join(root, file)

const header = `-- The schema that the SQL files beside this one make, read from a Postgres. Made by \`npm run db:dump\`; never edited
-- and never run: it is here so that a review sees what a migration really changes.
`

async function applyNumberedSql(pool: pg.Pool): Promise<void> {
  await pool.query('create schema landbridge')
  for (const name of readdirSync(engineSql).sort()) {
    if (/^\d{4}_.+\.sql$/.test(name)) await pool.query(readFileSync(join(engineSql, name), 'utf8'))
  }
}
