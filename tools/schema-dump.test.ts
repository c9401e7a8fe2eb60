import { globSync, readdirSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { generateDrizzleJson } from 'drizzle-kit/api'
import { expect, it } from 'vitest'
import drizzle from '../apps/escrow/drizzle.config.ts'
import { absolute } from './schema-dump/dumped-schemas.ts'

it('every table that a schema.ts declares is made by a migration', { timeout: 30_000 }, async () => {
  const declared: Record<string, unknown> = {}
  for (const file of globSync(drizzle.schema ?? [], { cwd: absolute('') })) {
    Object.assign(declared, await import(pathToFileURL(absolute(file)).href))
  }
  const { id: _, prevId: __, ...now } = generateDrizzleJson(declared)
  const { id: ___, prevId: ____, ...migrated } = newestSnapshot()
  expect(migrated, 'run `npm run db:generate -- --name what_changes`, read the SQL, and commit it').toEqual(
    JSON.parse(JSON.stringify(now)),
  )
})

function newestSnapshot(): Record<string, unknown> {
  const meta = absolute(`${drizzle.out}/meta`)
  const newest = readdirSync(meta)
    .filter((name) => /^\d+_snapshot\.json$/.test(name))
    .sort()
    .at(-1)
  return JSON.parse(readFileSync(`${meta}/${newest}`, 'utf8'))
}
