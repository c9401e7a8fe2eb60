import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { UnitName } from '../../units.ts'
import { configure } from '../landbridge.config.ts'

const unitNames = configure({ rehearsal: true, mongoIsStandIn: true }).units.map(({ name }) => name)

const optionsSchema = z.object({
  documents: z.coerce.number().int().min(200).max(10_000_000).default(20_000),
  seconds: z.coerce.number().int().min(10).max(86_400).default(60),
  seed: z.coerce.number().int().nonnegative().default(1),
  units: z
    .string()
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(unitNames as UnitName[])).min(1))
    .optional(),
  json: z.boolean().default(false),
  fresh: z.boolean().default(false),
  keep: z.boolean().default(false),
  help: z.boolean().default(false),
})

/** How a rehearsal runs. `units` keeps the order in which they cross; without it all do, in the order of `plan`. */
export type RehearsalOptions = z.infer<typeof optionsSchema>

export class UsageError extends Error {
  readonly code = 'REHEARSAL_USAGE'
}

export const help = `Rehearses the whole move: fills MongoDB with generated legacy data, serves HTTP from two processes under load,
and walks every unit to Postgres, with a process killed, Postgres away for a while, and a live rollback on the way.

  npm run rehearse [-- OPTIONS]

  --documents N    legacy documents to generate (20000)
  --seconds N      seconds that units stay in their phases under load, in all (60)
  --seed N         seed of data and load (1)
  --units A,B      units that cross, in this order (all, in the order of \`landbridge plan\`)
  --keep           keep the servers' data when it ends, to look at
  --fresh          remove what an earlier --keep left, the Postgres cluster included, before it begins
  --json           one JSON document on stdout, progress on stderr
  --help           this text

Examples
  npm run rehearse
  npm run rehearse -- --documents 2000 --seconds 30
  npm run rehearse -- --json --seed 2 > report.json

Exit codes: 0 nothing lost and no difference left, 1 otherwise, 2 usage, 130 interrupted.
While it runs, \`npx landbridge status\` in another terminal shows where every unit stands.
`

/** Throws UsageError that names the option. */
export function parseOptions(argv: string[]): RehearsalOptions {
  let values: Record<string, unknown>
  try {
    ;({ values } = parseArgs({
      args: argv,
      options: {
        documents: { type: 'string' },
        seconds: { type: 'string' },
        seed: { type: 'string' },
        units: { type: 'string' },
        json: { type: 'boolean' },
        fresh: { type: 'boolean' },
        keep: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }))
  } catch (error) {
    throw new UsageError(`${(error as Error).message}; see npm run rehearse -- --help`)
  }
  const parsed = optionsSchema.safeParse(values)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`)
    throw new UsageError(`${lines.join('; ')}; see npm run rehearse -- --help`)
  }
  return parsed.data
}
