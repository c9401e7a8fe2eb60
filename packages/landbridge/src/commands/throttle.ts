import { type Command, InvalidArgumentError } from 'commander'
import { type ThrottleReport, throttle } from '../operator-api/throttle.ts'
import { allUnits } from '../throttle/throttle-settings.ts'
import { table } from './print.ts'
import { type CommonOptions, runVerb, withCommonOptions } from './run-verb.ts'

interface Rate {
  documentsPerSecond?: number | null
  megabytesPerSecond?: number | null
}

interface Options extends CommonOptions {
  rate?: Rate
  workers?: number | null
  latencyMs?: number | null
  mongoLatencyMs?: number | null
  lagS?: number | null
  query?: string | null
  latencyQuery?: string | null
  flagFile?: string | null
  off?: boolean
}

export function addThrottle(program: Command): void {
  withCommonOptions(program.command('throttle'))
    .argument('[unit]', 'all units unless one is named')
    .description('show or change what backfill and verify may take from the stores, while they run')
    .option(
      '--rate <rate>',
      'of all workers together: documents a second, or with MB bytes (20MB)',
      parseRate,
    )
    .option('--workers <number>', 'workers that copy at once, on all machines', orNone(positive))
    .option('--latency-ms <ms>', 'stop while Postgres answers slower than this (p95)', orNone(positive))
    .option('--mongo-latency-ms <ms>', 'stop while MongoDB answers slower than this (p95)', orNone(positive))
    .option('--latency-query <sql>', 'what is timed on Postgres, instead of select 1', orNone(text))
    .option(
      '--lag-s <seconds>',
      'stop while a replica of Postgres is further behind',
      orNone(positiveDecimal),
    )
    .option('--query <sql>', 'stop unless it answers true or null; a text is the reason', orNone(text))
    .option('--flag-file <path>', 'stop while this file exists on the worker’s machine', orNone(text))
    .option('--off', 'take every limit away; a pause stays until landbridge resume')
    .addHelpText(
      'after',
      `
Workers on all machines read the settings before each chunk. Those of a unit and those of all units both count. The
value none takes one limit away. Without options the settings are shown.
Exit codes: 0 done, 1 error, 2 usage.

Examples:
  landbridge throttle
  landbridge throttle payment --rate 2000 --workers 1
  landbridge throttle --rate 20MB --latency-ms 50 --lag-s 5
  landbridge throttle --query "select count(*) < 100 from pg_stat_activity where state = 'active'"
  landbridge throttle --flag-file /tmp/stop-landbridge
  landbridge throttle payment --rate none
  landbridge throttle payment --off`,
    )
    .action((unit: string | undefined, options: Options) =>
      runVerb(options, { mongo: 'lazy' }, async ({ engine, actor }) => {
        const change = {
          ...options.rate,
          workers: options.workers,
          postgresLatencyMs: options.latencyMs,
          mongoLatencyMs: options.mongoLatencyMs,
          replicationLagMs:
            options.lagS == null ? options.lagS : Math.max(1, Math.round(options.lagS * 1_000)),
          flagFile: options.flagFile,
          query: options.query,
          latencyQuery: options.latencyQuery,
        }
        const data = await throttle(engine, { unit, actor, change, off: options.off ?? false })
        return { data, text: describe(data) }
      }),
    )
}

function describe({ unit, settings, changed }: ThrottleReport): string {
  const rows = [
    ['paused', settings.pausedBecause],
    ['documents/s', settings.documentsPerSecond],
    ['MB/s', settings.megabytesPerSecond],
    ['workers', settings.workers],
    ['Postgres p95, ms', settings.postgresLatencyMs],
    ['MongoDB p95, ms', settings.mongoLatencyMs],
    ['replica behind, ms', settings.replicationLagMs],
    ['flag file', settings.flagFile],
    ['query', settings.query],
    ['latency query', settings.latencyQuery],
  ]
  const scope = unit === allUnits ? 'all units' : unit
  return [`${scope}${changed ? ': changed' : ''}`, table(['setting', 'value'], rows)].join('\n')
}

/** `none` takes a limit away. */
function orNone<T>(parse: (value: string) => T): (value: string) => T | null {
  return (value) => (value === 'none' ? null : parse(value))
}

function text(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('It is empty; say none to take it away.')
  return value
}

function positive(value: string): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError('A whole number from 1, or none.')
  return number
}

function positiveDecimal(value: string): number {
  const number = Number(value)
  if (!(number > 0 && Number.isFinite(number))) throw new InvalidArgumentError('A number above 0, or none.')
  return number
}

/** `500` documents, `20MB` bytes; `none` takes both away. */
export function parseRate(value: string): Rate {
  if (value === 'none') return { documentsPerSecond: null, megabytesPerSecond: null }
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(MB)?$/i.exec(value) ?? []
  if (number === undefined || Number(number) <= 0) {
    throw new InvalidArgumentError('Documents a second (500), bytes a second (20MB), or none.')
  }
  if (unit !== undefined) return { megabytesPerSecond: Number(number) }
  if (!Number.isInteger(Number(number))) throw new InvalidArgumentError('Documents are whole.')
  return { documentsPerSecond: Number(number) }
}
