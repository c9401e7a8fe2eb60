/**
 * Shows with 100,000 rows in every table that each index of the legacy models has an index in Postgres that the
 * repositories' own queries use.
 *
 *   npm run db:parity [-- --rows 100000] [--plans] [--json]
 */
import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { migrateDatabase } from '../../platform/migrate.ts'
import { acquirePostgres } from '../../platform/postgres-server.ts'
import { missingParity } from './check-parity.ts'
import { fillTables } from './fill-tables.ts'
import { showPlans } from './show-plans.ts'

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    plans: { type: 'boolean' },
    json: { type: 'boolean' },
  },
})
const rows = Number(options.rows)
if (!Number.isSafeInteger(rows) || rows < 1) throw new Error('--rows takes a whole number')

const server = await acquirePostgres({ name: `parity-${process.pid}`, fresh: true, throwaway: true })
console.error(server.reason)
// A database of its own, also on the server of DATABASE_URL: its tables are filled with nonsense.
const name = `parity_${randomBytes(6).toString('hex')}`
const admin = new pg.Client({ connectionString: server.url })
await admin.connect()
await admin.query(`create database ${name}`)
const address = new URL(server.url)
address.pathname = `/${name}`
const pool = new pg.Pool({ connectionString: address.toString(), max: 4 })
// A connection that is closing may still hear that its database is dropped.
pool.on('error', () => undefined)
try {
  await migrateDatabase(pool)
  const missing = await missingParity(pool)
  await fillTables(pool, rows)
  const plans = await showPlans(pool)
  const unused = plans.filter(({ usedIndex }) => usedIndex === null)
  if (options.json === true) {
    console.log(JSON.stringify({ rows, missing, unused: unused.map(({ index }) => index), plans }, null, 2))
  } else {
    for (const { index, asked, usedIndex, plan } of plans) {
      const by = usedIndex === null ? 'NOT USED' : usedIndex === index ? 'used' : `used: ${usedIndex}`
      console.log(`${index.padEnd(48)} ${asked.padEnd(11)} ${by}`)
      if (options.plans === true || usedIndex === null) console.log(plan.replaceAll(/^/gm, '    '))
    }
    for (const trouble of missing) console.log(`missing: ${trouble}`)
  }
  if (missing.length > 0 || unused.length > 0) process.exitCode = 1
} finally {
  await pool.end()
  await admin.query(`drop database ${name} with (force)`)
  await admin.end()
  await server.stop()
}
