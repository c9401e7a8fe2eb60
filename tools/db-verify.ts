/**
 * Fails where the database and what the repository says of it part: uncommitted changes of the schema, drift of the
 * database in DATABASE_URL, and, while MongoDB is here, missing index parity and mirrors that nobody keeps.
 *
 *   npm run db:verify [-- --json]            exit code 0 or 1
 */
import { parseArgs } from 'node:util'
import type { Finding } from './db-verify/finding.ts'
import { verifyDatabase } from './db-verify/verify-database.ts'

const { values: options } = parseArgs({ options: { json: { type: 'boolean' } } })
const findings = await verifyDatabase(process.env.DATABASE_URL)
if (options.json === true) console.log(JSON.stringify(findings, null, 2))
else for (const finding of findings) console.log(textOf(finding))
if (findings.some(({ state }) => state === 'bad')) process.exitCode = 1

function textOf({ check, state, found }: Finding): string {
  return [`${state.padEnd(8)} ${check}`, ...found.map((line) => `           ${line}`)].join('\n')
}
