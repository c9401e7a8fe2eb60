import type { ClientBase, Pool } from 'pg'
import { z } from 'zod'
import { identifier } from '../target/identifier.ts'

/** The row whose settings count for every unit. */
export const allUnits = '*'

/** Nobody runs more on purpose; a typing error should not. */
export const maxWorkers = 16

const settingsSchema = z.object({
  /** An operator's own reason to stop. */
  pausedBecause: z.string().trim().min(1).nullable(),
  /** Of all workers together. */
  documentsPerSecond: z.number().int().positive().nullable(),
  megabytesPerSecond: z.number().positive().nullable(),
  /** Workers that copy at once, on all machines; null leaves it to whoever starts them. */
  workers: z.number().int().min(1).max(maxWorkers).nullable(),
  postgresLatencyMs: z.number().int().positive().nullable(),
  mongoLatencyMs: z.number().int().positive().nullable(),
  replicationLagMs: z.number().int().positive().nullable(),
  /** While this file exists, the process that sees it stops. */
  flagFile: z.string().min(1).nullable(),
  /** A query of one value: true or null lets the work go on; false stops it, and a text is the reason to stop. */
  query: z.string().min(1).nullable(),
  /** What is timed to learn how Postgres answers; null is `select 1`. */
  latencyQuery: z.string().min(1).nullable(),
})

/**
 * What backfill and verify may take from the stores; changed while they run. In a unit's own row null leaves it to the
 * row of all units.
 */
export type ThrottleSettings = z.infer<typeof settingsSchema>

const columnOf: Record<keyof ThrottleSettings, string> = {
  pausedBecause: 'paused_because',
  documentsPerSecond: 'documents_per_second',
  megabytesPerSecond: 'megabytes_per_second',
  workers: 'workers',
  postgresLatencyMs: 'postgres_latency_ms',
  mongoLatencyMs: 'mongo_latency_ms',
  replicationLagMs: 'replication_lag_ms',
  flagFile: 'flag_file',
  query: 'query',
  latencyQuery: 'latency_query',
}

/** What `--off` goes back to. A pause is no limit: it stays until `resume`. */
export const noThrottle: Omit<ThrottleSettings, 'pausedBecause'> = {
  documentsPerSecond: null,
  megabytesPerSecond: null,
  workers: null,
  postgresLatencyMs: null,
  mongoLatencyMs: null,
  replicationLagMs: null,
  flagFile: null,
  query: null,
  latencyQuery: null,
}

const defaultLimits = { postgresLatencyMs: 1_000, mongoLatencyMs: 1_000, replicationLagMs: 10_000 }

const unset: ThrottleSettings = { ...noThrottle, pausedBecause: null }

const selected = Object.entries(columnOf)
  .map(([name, column]) => `${identifier(column)} as ${identifier(name)}`)
  .join(', ')

/** The settings of one row, as they were set; every value is null where the unit has none of its own. */
export async function readThrottle(
  client: Pool | ClientBase,
  unit: string = allUnits,
): Promise<ThrottleSettings> {
  const { rows } = await client.query(`select ${selected} from landbridge.throttle where unit = $1`, [unit])
  return rows[0] === undefined ? unset : settingsSchema.parse(rows[0])
}

/** Changes what is named and leaves the rest; throws a ZodError for values that make no sense. */
export async function setThrottle(
  client: Pool | ClientBase,
  change: Partial<ThrottleSettings>,
  by: string,
  unit: string = allUnits,
): Promise<ThrottleSettings> {
  const wanted = settingsSchema.partial().parse(change)
  const values = unit === allUnits ? withDefaults(wanted) : wanted
  const names = (Object.keys(values) as (keyof ThrottleSettings)[]).filter(
    (name) => values[name] !== undefined,
  )
  const assignments = names.map((name, i) => `${identifier(columnOf[name])} = $${i + 3}`)
  if (unit !== allUnits) {
    await client.query(
      'insert into landbridge.throttle (unit, set_by) values ($1, $2) on conflict do nothing',
      [unit, by],
    )
  }
  await client.query(
    `update landbridge.throttle set ${['set_by = $2', 'set_at = now()', ...assignments].join(', ')} where unit = $1`,
    [unit, by, ...names.map((name) => values[name])],
  )
  return readThrottle(client, unit)
}

/** The row of all units always has its limits: taking one away means the default. */
function withDefaults(wanted: Partial<ThrottleSettings>): Partial<ThrottleSettings> {
  const limits = Object.entries(defaultLimits).filter(
    ([name]) => wanted[name as keyof ThrottleSettings] === null,
  )
  return { ...wanted, ...Object.fromEntries(limits) }
}

/** What counts for one unit: its own settings and those of all units together. */
export interface EffectiveThrottle {
  pausedBecause: string | null
  rates: Rate[]
  workers: number | null
  postgresLatencyMs: number
  mongoLatencyMs: number
  replicationLagMs: number
  flagFiles: string[]
  queries: string[]
  latencyQuery: string | null
}

/** A rate that all workers together may reach, for one unit or, as `*`, for all units together. */
export interface Rate {
  unit: string
  documentsPerSecond: number | null
  megabytesPerSecond: number | null
}

/** The settings that count for a unit; for `*` those of all units alone. */
export async function readEffectiveThrottle(
  client: Pool | ClientBase,
  unit: string,
): Promise<EffectiveThrottle> {
  const { rows } = await client.query(
    `select unit, ${selected} from landbridge.throttle where unit = $1 or unit = $2`,
    [allUnits, unit],
  )
  const settingsOf = (name: string) => {
    const row = rows.find((each) => each.unit === name)
    return row === undefined ? unset : settingsSchema.parse(row)
  }
  return combine(settingsOf(allUnits), unit, unit === allUnits ? unset : settingsOf(unit))
}

function combine(all: ThrottleSettings, unit: string, own: ThrottleSettings): EffectiveThrottle {
  const limits = [all.workers, own.workers].filter((limit) => limit !== null)
  const limit = (name: keyof typeof defaultLimits) => own[name] ?? all[name] ?? defaultLimits[name]
  return {
    pausedBecause: own.pausedBecause ?? all.pausedBecause,
    rates: [rateOf(allUnits, all), rateOf(unit, own)].filter((rate) => rate !== null),
    workers: limits.length === 0 ? null : Math.min(...limits),
    postgresLatencyMs: limit('postgresLatencyMs'),
    mongoLatencyMs: limit('mongoLatencyMs'),
    replicationLagMs: limit('replicationLagMs'),
    flagFiles: [all.flagFile, own.flagFile].filter((file) => file !== null),
    queries: [all.query, own.query].filter((query) => query !== null),
    latencyQuery: own.latencyQuery ?? all.latencyQuery,
  }
}

function rateOf(unit: string, settings: ThrottleSettings): Rate | null {
  const { documentsPerSecond, megabytesPerSecond } = settings
  if (documentsPerSecond === null && megabytesPerSecond === null) return null
  return { unit, documentsPerSecond, megabytesPerSecond }
}
