import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { freshDatabase } from 'test-world/postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { postgresUnits } from '../postgres-units.ts'
import { escrowApp } from '../testing/escrow-app.ts'
import { type EscrowDatabase, escrowDatabase } from '../testing/escrow-database.ts'
import { createPool } from './database.ts'
import { migrateJobQueue } from './job-schema.ts'
import { createJobQueue } from './jobs.ts'
import { silentLogger } from './logger.ts'
import { missingMigrations } from './missing-migrations.ts'
import { grantRuntimeRole } from './runtime-role.ts'

const role = `runtime_${randomBytes(6).toString('hex')}`
let database: EscrowDatabase
let pool: pg.Pool
let url: string

beforeAll(async () => {
  database = await escrowDatabase()
  const owner = createPool(database.url, () => undefined)
  await migrateJobQueue(owner)
  await owner.end()
  await grantRuntimeRole(database.pool, role)
  await grantRuntimeRole(database.pool, role)
  await database.pool.query(`alter role ${role} password '${role}'`)
  const address = new URL(database.url)
  address.username = role
  address.password = role
  url = address.toString()
  pool = new pg.Pool({ connectionString: url, max: 4 })
  pool.on('error', () => undefined)
})
afterAll(async () => {
  await pool.end()
  await database.pool.query(`drop owned by ${role}`)
  await database.pool.query(`drop role ${role}`)
  await database[Symbol.asyncDispose]()
})

it('the application works under it', async () => {
  const { call, tokenFor } = escrowApp(postgresUnits(pool))
  const token = await tokenFor('admin')
  const body = { name: 'Books', nameEn: 'Books' }
  const made = await call('POST', '/api/marketplace/categories', { token, body })
  expect(made.status).toBe(201)
  const listed = await call('GET', '/api/marketplace/categories')
  expect(JSON.stringify(listed.body)).toContain('Books')
})

it('the job queue runs under it: a job is asked for, done, and forgotten', async () => {
  let done = 0
  const run = async () => {
    done += 1
  }
  const jobs = [{ name: 'clean', schedule: '0 0 29 2 *', run }]
  const queue = createJobQueue({ databaseUrl: url, jobs, logger: silentLogger, pollMs: 50, retryMs: 50 })
  queue.start()
  await queue.request('clean')
  await expect.poll(() => done, { timeout: 10_000 }).toBe(1)
  await queue.stop()
  const { rows } = await database.pool.query(
    `select (select count(*)::int from graphile_worker._private_jobs) as jobs,
       (select count(*)::int from graphile_worker._private_known_crontabs) as schedules`,
  )
  expect(rows).toEqual([{ jobs: 0, schedules: 1 }])
})

it('the program can tell under it whether a migration is missing', async () => {
  expect(await missingMigrations(pool)).toBe(0)
})

it('there is nothing to grant on before the tables are made', async () => {
  await using empty = await freshDatabase()
  await expect(grantRuntimeRole(empty.pool, role)).rejects.toThrow(/npm run db:migrate/)
})

it.each([
  'update funds_ledger_entries set amount = 1',
  'delete from funds_ledger_entries',
  'truncate funds_ledger_entries',
  'update point_transactions set amount = 1',
  'delete from config_setting_history',
  'truncate categories',
  'alter table users add column nickname text',
  'alter table funds_ledger_entries disable trigger all',
  'create table mine (id int)',
  'create table graphile_worker.mine (id int)',
  'delete from graphile_worker.migrations',
  'delete from drizzle.__drizzle_migrations',
  "set session_replication_role = 'replica'",
])('refuses: %s', async (statement) => {
  await expect(pool.query(statement)).rejects.toMatchObject({ code: '42501' })
})

it('no table that refuses changes may be changed by grant, and all others may be written', async () => {
  const { rows } = await pool.query(
    `select c.relname as name, has_table_privilege(c.oid, 'update') or has_table_privilege(c.oid, 'delete') as changes,
       has_table_privilege(c.oid, 'insert') and has_table_privilege(c.oid, 'select') as adds
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`,
  )
  expect(rows.filter((row) => !row.adds)).toEqual([])
  const fixed = rows.filter((row) => !row.changes).map((row) => row.name)
  expect(fixed).toEqual(expect.arrayContaining(['funds_ledger_entries', 'point_transactions']))
})
