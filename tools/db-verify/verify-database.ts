import pg from 'pg'
import { drift } from './drift.ts'
import { type Finding, findingOf } from './finding.ts'
import { ofTheMove } from './of-the-move.ts'
import { uncommittedChanges } from './schema-changes.ts'

/** Every check; without an address only what the repository alone can tell. */
export async function verifyDatabase(url: string | undefined): Promise<Finding[]> {
  const findings = [findingOf('schema changes', await uncommittedChanges())]
  if (url === undefined || url === '') {
    return [...findings, { check: 'drift', state: 'skipped', found: ['DATABASE_URL is not set'] }]
  }
  const pool = new pg.Pool({ connectionString: url, max: 2, connectionTimeoutMillis: 5_000 })
  pool.on('error', () => undefined)
  try {
    return [...findings, findingOf('drift', await drift(pool)), ...(await ofTheMove(pool, url))]
  } catch (error) {
    return [...findings, findingOf('drift', [`could not be looked for: ${String(error)}`])]
  } finally {
    await pool.end()
  }
}
