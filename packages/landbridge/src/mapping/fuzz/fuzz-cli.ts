/**
 * Random documents of the whole BSON type zoo through mappings of every kind: each is kept exactly, or refused with a
 * reason. A failing seed makes its document again: `npm run fuzz -- --family money --seed SEED --documents 1`.
 */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Command } from 'commander'
import pg from 'pg'
import { z } from 'zod'
import type { LandbridgeConfig } from '../../config.ts'
import type { Mapping } from '../types.ts'
import { families } from './families.ts'
import { type FuzzReport, fuzzMapping } from './fuzz.ts'
import { postgresTrip } from './postgres-trip.ts'

const optionsSchema = z.object({
  documents: z.coerce.number().int().positive(),
  seed: z.coerce.number().int().min(0).max(0xffff_ffff),
  family: z.array(z.string()).optional(),
  config: z.string().optional(),
  postgres: z.string().optional(),
  json: z.boolean().default(false),
})
type Options = z.infer<typeof optionsSchema>

interface FamilyReport extends FuzzReport {
  family: string
  seed: number
  seconds: number
}

const program = new Command('fuzz')
  .description('random documents through every kind of mapping: kept exactly, or refused with a reason')
  .option('--documents <n>', 'documents for each family', '20000')
  .option('--seed <n>', 'of the first document; the next has the next', String(Date.now() % 4_000_000_000))
  .option(
    '--family <name...>',
    `only these: ${Object.keys(families).join(', ')}, or a collection of --config`,
  )
  .option('--config <path>', 'a landbridge.config.ts, whose mappings are taken in place of the families')
  .option('--postgres <url>', 'send what is mapped through this server and back, too (temporary tables)')
  .option('--json', 'print one JSON document')
  .addHelpText('after', '\nExit code 0 if all is exact, 4 if not.')

async function main(): Promise<void> {
  const options = optionsSchema.parse(program.parse().opts())
  const chosen = choose(options.config === undefined ? families : await mappingsOf(options.config), options)
  const reports: FamilyReport[] = []
  for (const [family, mapping] of chosen) {
    const report = await fuzzFamily(family, mapping, options)
    reports.push(report)
    if (!options.json) console.log(describe(report))
  }
  const failures = reports.reduce((sum, report) => sum + report.failures.length, 0)
  if (options.json) console.log(JSON.stringify({ ok: failures === 0, families: reports }, null, 2))
  if (failures > 0) process.exitCode = 4
}

async function fuzzFamily(family: string, mapping: Mapping, options: Options): Promise<FamilyReport> {
  const started = performance.now()
  const pool =
    options.postgres === undefined ? undefined : new pg.Pool({ connectionString: options.postgres })
  const client = await pool?.connect()
  try {
    const report = await fuzzMapping(mapping, {
      documents: options.documents,
      seed: options.seed,
      trip: client === undefined ? undefined : await postgresTrip(client, mapping),
      onProgress: progressOf(family, options.documents, started),
    })
    return { family, seed: options.seed, seconds: (performance.now() - started) / 1_000, ...report }
  } finally {
    client?.release(true)
    await pool?.end()
  }
}

/** A line on stderr every five seconds. */
function progressOf(family: string, documents: number, started: number): (done: number) => void {
  let last = started
  return (done) => {
    const now = performance.now()
    if (now - last < 5_000) return
    last = now
    const rate = Math.round((done / (now - started)) * 1_000)
    console.error(
      `${family}: ${done} of ${documents}, ${rate}/s, ${Math.ceil((documents - done) / rate)} s left`,
    )
  }
}

function choose(known: Record<string, Mapping>, { family }: Options): [string, Mapping][] {
  if (family === undefined) return Object.entries(known)
  return family.map((name) => {
    const mapping = known[name]
    if (mapping === undefined)
      program.error(`no family "${name}"; there are: ${Object.keys(known).join(', ')}`)
    return [name, mapping as Mapping]
  })
}

async function mappingsOf(path: string): Promise<Record<string, Mapping>> {
  const loaded = (await import(pathToFileURL(resolve(path)).href)) as { landbridge?: LandbridgeConfig }
  const units = loaded.landbridge?.units
  if (units === undefined) program.error(`${path} exports no \`landbridge\``)
  const mappings = (units as LandbridgeConfig['units']).flatMap((unit) => unit.mappings)
  return Object.fromEntries(mappings.map((mapping) => [mapping.collection, mapping]))
}

function describe(report: FamilyReport): string {
  const quarantined = Object.entries(report.quarantined).sort(([, a], [, b]) => b - a)
  const count = quarantined.reduce((sum, [, each]) => sum + each, 0)
  const codes = quarantined.map(([code, each]) => `${code} ${each}`).join(', ')
  return [
    `${report.family}: ${report.documents} documents in ${report.seconds.toFixed(0)} s from seed ${report.seed}: ` +
      `${report.mapped} in columns, ${report.kept} with values in extra, ${count} quarantined; ${report.walked} by the compiled plan`,
    `  quarantined: ${codes}`,
    ...report.failures.map(
      ({ seed, violation }) =>
        `  FAILED --family ${report.family} --seed ${seed} --documents 1: ${violation}`,
    ),
  ].join('\n')
}

await main()
