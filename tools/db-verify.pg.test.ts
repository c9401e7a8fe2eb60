import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { pgTable, text as textColumn } from 'drizzle-orm/pg-core'
import { type FreshDatabase, freshDatabase } from 'test-world/postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { migrateDatabase } from '../apps/escrow/src/platform/migrate.ts'
import { drift } from './db-verify/drift.ts'
import type { Finding } from './db-verify/finding.ts'
import { uncommittedChanges } from './db-verify/schema-changes.ts'
import { verifyDatabase } from './db-verify/verify-database.ts'
import { absolute } from './schema-dump/dumped-schemas.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
  await migrateDatabase(database.pool)
})
afterAll(() => database[Symbol.asyncDispose]())

async function verify(): Promise<{ code: number; findings: Finding[] }> {
  const env = { PATH: process.env.PATH, DATABASE_URL: database.url }
  const program = absolute('tools/db-verify.ts')
  const child = spawn(process.execPath, [program, '--json'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return { code, findings: JSON.parse(stdout) }
}

it('a fresh database is good', async () => {
  const findings = await verifyDatabase(database.url)
  expect(findings.filter(({ state }) => state !== 'good')).toEqual([])
})

it('an index that somebody dropped ends the program with 1', async () => {
  await database.pool.query('drop index users_role_idx')
  const { code, findings } = await verify()
  await database.pool.query('create index users_role_idx on users (role)')
  expect(code).toBe(1)
  const found = findings.filter(({ state }) => state === 'bad').flatMap((finding) => finding.found)
  expect(found.join('\n')).toContain('the database lacks  CREATE TABLE users: CREATE INDEX users_role_idx')
})

it('without an address only the repository is looked at; one where nothing answers is told', async () => {
  const states = (await verifyDatabase(undefined)).map(({ check, state }) => [check, state])
  expect(states).toEqual([
    ['schema changes', 'good'],
    ['drift', 'skipped'],
  ])
  const unreachable = await verifyDatabase('postgres://127.0.0.1:1/nothing')
  expect(unreachable.at(-1)).toMatchObject({ check: 'drift', state: 'bad' })
})

it.each([
  [
    'alter table users add column nickname text',
    'has besides  CREATE TABLE users: nickname text',
    'alter table users drop column nickname',
  ],
  [
    'alter table users alter column email set not null',
    'has besides  CREATE TABLE users: email text NOT NULL',
    'alter table users alter column email drop not null',
  ],
  [
    'alter table funds_ledger_entries disable trigger funds_ledger_entries_append_only_rows',
    'DISABLE TRIGGER funds_ledger_entries_append_only_rows',
    'alter table funds_ledger_entries enable always trigger funds_ledger_entries_append_only_rows',
  ],
])('drift: %s', async (change, told, undo) => {
  await database.pool.query(change)
  const found = await drift(database.pool)
  await database.pool.query(undo)
  expect(found.join('\n')).toContain(told)
  expect(await drift(database.pool)).toEqual([])
})

it('the triggers of a move are no drift', async () => {
  await database.pool.query(`
    create schema landbridge;
    create function landbridge.guard() returns trigger language plpgsql as 'begin return null; end';
    create trigger landbridge_guard before insert on users for each row execute function landbridge.guard();
    create table landbridge.taken_foreign_key (constraint_name text);
    insert into landbridge.taken_foreign_key values ('payments_buyer_id_users_fk');
    alter table payments drop constraint payments_buyer_id_users_fk`)
  expect(await drift(database.pool)).toEqual([])
})

it('a table that no migration makes is told with its SQL', async () => {
  expect(await uncommittedChanges()).toEqual([])
  const nicknames = pgTable('nicknames', { name: textColumn('name') })
  expect((await uncommittedChanges({ nicknames })).join('\n')).toContain('CREATE TABLE "nicknames"')
})
