import { readFileSync } from 'node:fs'
import type pg from 'pg'
import { describeSchema } from '../schema-dump/describe-schema.ts'
import { absolute } from '../schema-dump/dumped-schemas.ts'

/** How a live database differs from the dumped schema: a line for each difference. */
export async function drift(pool: pg.Pool): Promise<string[]> {
  const client = await pool.connect()
  try {
    const taken = await takenForeignKeys(client)
    const wanted = linesOf(readFileSync(absolute('apps/escrow/drizzle/schema.sql'), 'utf8'))
    const found = linesOf(await describeSchema(client, 'public'))
    const missing = [...wanted].filter((line) => !found.has(line) && !isTaken(line, taken))
    const added = [...found].filter((line) => !wanted.has(line))
    return [
      ...missing.map((line) => `the database lacks  ${line}`),
      ...added.map((line) => `the database has besides  ${line}`),
      ...(missing.length > 0
        ? ['run `npm run db:migrate`, and look for who changed the schema by hand']
        : []),
    ]
  } finally {
    // Destroyed, not given back: its search_path was changed.
    client.release(true)
  }
}

/** Every line with the table that it stands under. The move's own triggers come and go: they are no drift. */
function linesOf(schema: string): Set<string> {
  const lines = new Set<string>()
  let under = ''
  for (const line of schema.split('\n')) {
    if (/^CREATE (TABLE|OR REPLACE FUNCTION)/.test(line)) under = line.replace(/\s*\($/, '')
    if (line.startsWith('--') || line.trim() === '' || / TRIGGER landbridge_/.test(line)) continue
    lines.add(line === under ? line : `${under}: ${line.trim().replace(/,$/, '')}`)
  }
  return lines
}

/** Foreign keys that are away while the units on both sides of them move. */
async function takenForeignKeys(client: pg.ClientBase): Promise<Set<string>> {
  const { rows: known } = await client.query("select to_regclass('landbridge.taken_foreign_key') as found")
  if (known[0]?.found === null) return new Set()
  const { rows } = await client.query('select constraint_name as name from landbridge.taken_foreign_key')
  return new Set(rows.map(({ name }) => String(name)))
}

function isTaken(line: string, taken: ReadonlySet<string>): boolean {
  const constraint = /CONSTRAINT "?(\w+)"? FOREIGN KEY/.exec(line)?.[1]
  return constraint !== undefined && taken.has(constraint)
}
