/**
 * Makes what a new marketplace needs, in the Postgres of DATABASE_URL:  npm run seed
 */
import { parseArgs } from 'node:util'
import { systemClock } from '../src/platform/clock.ts'
import { createLogger } from '../src/platform/logger.ts'
import { argon2Passwords } from '../src/platform/passwords.ts'
import { runProgram } from '../src/platform/run-program.ts'
import { openPostgresUnits } from '../src/postgres-units.ts'
import { type Seeded, seed } from './seed.ts'
import { readSeedConfig } from './seed-config.ts'

const help = `Makes what a new marketplace needs, in the Postgres of DATABASE_URL: the first administrator, categories, levels and
settings. Can be repeated: it makes what is missing and changes nothing that is there.

  npm run seed

Environment
  DATABASE_URL     the database; its tables come from npm run db:migrate
  ADMIN_EMAIL      the first administrator (admin@example.com, outside of production)
  ADMIN_PASSWORD   12 characters or more (a known one, outside of production)
`

const singular: Record<keyof Seeded, string> = {
  administrators: 'administrator',
  categories: 'category',
  levels: 'level',
  settings: 'setting',
}

const { values } = parseArgs({ options: { help: { type: 'boolean', default: false } } })
if (values.help) process.stdout.write(help)
else await runProgram(main)

async function main(): Promise<void> {
  const config = readSeedConfig(process.env)
  const { units, close } = openPostgresUnits(config, createLogger(config))
  try {
    const { administrator } = config
    const seeded = await seed({ units, clock: systemClock, passwords: argon2Passwords(), administrator })
    console.log(described(seeded, administrator.email))
  } finally {
    await close()
  }
}

function described(seeded: Seeded, email: string): string {
  const made = Object.entries(seeded).flatMap(([what, count]) =>
    count > 0 ? [`${count} ${count === 1 ? singular[what as keyof Seeded] : what}`] : [],
  )
  if (made.length === 0) return 'Nothing was missing.'
  return `Made ${made.join(', ')}.${seeded.administrators > 0 ? ` The administrator is ${email}.` : ''}`
}
