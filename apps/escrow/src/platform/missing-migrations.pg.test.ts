import { readMigrationFiles } from 'drizzle-orm/migrator'
import { pino } from 'pino'
import { freshDatabase } from 'test-world/postgres'
import { expect, test } from 'vitest'
import { createPool } from './database.ts'
import { migrateDatabase, migrationsFolder } from './migrate.ts'
import { missingMigrations, warnOfDatabase } from './missing-migrations.ts'

const known = readMigrationFiles({ migrationsFolder })

test('a fresh database lacks all, a migrated one none, one of yesterday the newest', async () => {
  await using database = await freshDatabase()
  expect(await missingMigrations(database.pool)).toBe(known.length)
  await migrateDatabase(database.pool)
  expect(await missingMigrations(database.pool)).toBe(0)
  await database.pool.query(
    'delete from drizzle.__drizzle_migrations where created_at = (select max(created_at) from drizzle.__drizzle_migrations)',
  )
  expect(await missingMigrations(database.pool)).toBe(1)
})

test('migrations are in the order of their times, or a database would pass over one', () => {
  const times = known.map(({ folderMillis }) => folderMillis)
  expect(times).toEqual([...times].sort((a, b) => a - b))
})

test('at the start it is said what to do', async () => {
  await using database = await freshDatabase()
  const lines: string[] = []
  const logger = pino({}, { write: (line: string) => void lines.push(line) })
  await warnOfDatabase(database.pool, logger)
  const nowhere = createPool('postgres://nobody@127.0.0.1:1/none', () => undefined)
  await warnOfDatabase(nowhere, logger)
  await nowhere.end()
  expect(lines).toEqual([
    expect.stringMatching('npm run db:migrate'),
    expect.stringMatching('DATABASE_UNAVAILABLE.*DATABASE_URL'),
  ])
})
