import { globSync, readdirSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api'
import drizzle from '../../apps/escrow/drizzle.config.ts'
import { absolute } from '../schema-dump/dumped-schemas.ts'

/** What `schema.ts` files declare that no migration makes, as the SQL that is missing. Writes nothing. */
export async function uncommittedChanges(more: Record<string, unknown> = {}): Promise<string[]> {
  const declared: Record<string, unknown> = { ...more }
  for (const file of globSync(drizzle.schema ?? [], { cwd: absolute('') })) {
    Object.assign(declared, await import(pathToFileURL(absolute(file)).href))
  }
  const missing = await generateMigration(newestSnapshot(), generateDrizzleJson(declared))
  return missing.length === 0
    ? []
    : [...missing, 'run `npm run db:generate -- --name what_changes`, read the SQL, and commit it']
}

function newestSnapshot(): ReturnType<typeof generateDrizzleJson> {
  const meta = absolute(`${drizzle.out}/meta`)
  const newest = readdirSync(meta)
    .filter((name) => /^\d+_snapshot\.json$/.test(name))
    .sort()
    .at(-1)
  return JSON.parse(readFileSync(`${meta}/${newest}`, 'utf8'))
}
