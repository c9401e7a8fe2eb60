import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { freshDatabase } from 'test-world/postgres'
import { expect, test } from 'vitest'
import { migrateDatabase } from './migrate.ts'

const program = fileURLToPath(new URL('./migrate.ts', import.meta.url))

async function runMigrate(url: string): Promise<{ code: number; stderr: string }> {
  const env = { PATH: process.env.PATH, DATABASE_URL: url }
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  return { code, stderr }
}

test('migrating again changes nothing, and two at once wait for each other', async () => {
  await using database = await freshDatabase()
  await Promise.all([migrateDatabase(database.pool), migrateDatabase(database.pool)])
  const count = async () =>
    (await database.pool.query('select count(*) from drizzle.__drizzle_migrations')).rows
  const before = await count()
  await migrateDatabase(database.pool)
  expect(await count()).toEqual(before)
})

test('the program makes the job queue, too, and may be run again', async () => {
  await using database = await freshDatabase()
  for (const _ of [1, 2]) expect(await runMigrate(database.url)).toMatchObject({ code: 0 })
  const { rows } = await database.pool.query(
    "select to_regclass('graphile_worker._private_jobs') is not null as made",
  )
  expect(rows).toEqual([{ made: true }])
})

test('a server that does not answer is told in words', async () => {
  const { code, stderr } = await runMigrate('postgres://nobody@127.0.0.1:1/none')
  expect(code).toBe(1)
  expect(stderr).toMatch(/^DATABASE_UNAVAILABLE: .*DATABASE_URL/)
  expect(stderr).not.toContain('    at ')
})

test('a failure shows what the database said, keeps nothing, and is not taken for success', async () => {
  await using database = await freshDatabase()
  await database.pool.query('create table users (id int)')
  const { code, stderr } = await runMigrate(database.url)
  expect(code).toBe(1)
  expect(stderr).toContain('relation "users" already exists')
  expect(stderr).toContain('code: 42P07')
  const { rows } = await database.pool.query("select to_regclass('categories') as found")
  expect(rows[0].found).toBeNull()
})
