import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { ClientBase } from 'pg'
import { errorCodes, LandbridgeError } from '../errors.ts'

const sqlFolder = new URL('../../sql/', import.meta.url)

/** Any two processes that install at once take turns on this advisory lock. */
const installLock = 'landbridge:install'

interface NumberedSql {
  name: string
  sha256: string
  sql: string
}

/**
 * Applies the numbered SQL files that this database does not have yet, in order, and answers their names.
 * The caller's transaction makes it all or nothing.
 */
export async function applyNumberedSql(tx: ClientBase): Promise<string[]> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [installLock])
  await tx.query('create schema if not exists landbridge')
  await tx.query(`create table if not exists landbridge.migration (
    name text primary key, sha256 text not null, applied_at timestamptz(3) not null default now())`)
  const { rows } = await tx.query('select name, sha256 from landbridge.migration')
  const applied = new Map<string, string>(rows.map((row) => [row.name, row.sha256]))
  const files = await readNumberedSql()
  refuseNewerDatabase(applied, files)
  const missing = files.filter((file) => !applied.has(file.name))
  for (const file of missing) {
    await tx.query(file.sql)
    await tx.query('insert into landbridge.migration (name, sha256) values ($1, $2)', [
      file.name,
      file.sha256,
    ])
  }
  return missing.map((file) => file.name)
}

/** True if this database holds every numbered file of this build: nothing to do, no lock needed. */
export async function isInstalled(client: ClientBase): Promise<boolean> {
  const found = await client.query("select to_regclass('landbridge.migration') is not null as there")
  if (found.rows[0]?.there !== true) return false
  const { rows } = await client.query('select name, sha256 from landbridge.migration')
  const applied = new Map<string, string>(rows.map((row) => [row.name, row.sha256]))
  const files = await readNumberedSql()
  refuseNewerDatabase(applied, files)
  return files.every((file) => applied.has(file.name))
}

async function readNumberedSql(): Promise<NumberedSql[]> {
  const names = (await readdir(sqlFolder)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, sqlFolder), 'utf8')
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

/** A file that this build does not know, or knows with another text, was applied by another build: stop. */
function refuseNewerDatabase(applied: Map<string, string>, files: NumberedSql[]): void {
  const known = new Map(files.map((file) => [file.name, file.sha256]))
  const foreign = [...applied].filter(([name, sha256]) => known.get(name) !== sha256).map(([name]) => name)
  if (foreign.length > 0) {
    throw new LandbridgeError(
      errorCodes.config,
      `the database was prepared by another version of landbridge (${foreign.join(', ')}); run that version, or finish with it first`,
      { detail: { foreign } },
    )
  }
}
