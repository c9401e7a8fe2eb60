import { existsSync } from 'node:fs'
import type { Engine } from '../engine.ts'
import { readThrottle, type ThrottleSettings } from './throttle-settings.ts'

/** A fresh look costs both stores a query, so that many workers share one for so long. */
const LOOK_EVERY_MS = 500

/** Asked before each chunk and batch: why long work must wait now, or null. */
export type Throttle = () => Promise<string | null>

/** Looks at the settings and at how both stores answer; the reason is a sentence for the operator. */
export function storeThrottle(engine: Engine): Throttle {
  let looking: Promise<string | null> = Promise.resolve(null)
  let lookedAt = Number.NEGATIVE_INFINITY
  return () => {
    if (performance.now() - lookedAt >= LOOK_EVERY_MS) {
      lookedAt = performance.now()
      looking = findReason(engine)
    }
    return looking
  }
}

async function findReason(engine: Engine): Promise<string | null> {
  const started = performance.now()
  const settings = await readThrottle(engine.pool)
  const postgresMs = performance.now() - started
  if (settings.pausedBecause !== null) return `paused by an operator: ${settings.pausedBecause}`
  if (settings.flagFile !== null && existsSync(settings.flagFile))
    return `the file ${settings.flagFile} exists`
  if (postgresMs > settings.postgresLatencyMs) return slow('Postgres', postgresMs, settings.postgresLatencyMs)
  return (
    (await mongoIsSlow(engine, settings)) ??
    (await replicaIsBehind(engine, settings)) ??
    (settings.query === null ? null : await ownReason(engine, settings.query))
  )
}

async function mongoIsSlow(engine: Engine, settings: ThrottleSettings): Promise<string | null> {
  const started = performance.now()
  await engine.database.command({ ping: 1 })
  const ms = performance.now() - started
  return ms > settings.mongoLatencyMs ? slow('MongoDB', ms, settings.mongoLatencyMs) : null
}

async function replicaIsBehind(engine: Engine, settings: ThrottleSettings): Promise<string | null> {
  const { rows } = await engine.pool.query<{ name: string; lag: number }>(
    `select application_name as name, (extract(epoch from replay_lag) * 1000)::float8 as lag
     from pg_stat_replication where replay_lag is not null order by replay_lag desc limit 1`,
  )
  const [worst] = rows
  if (worst === undefined || worst.lag <= settings.replicationLagMs) return null
  return `the replica ${worst.name} is ${Math.round(worst.lag)} ms behind (limit ${settings.replicationLagMs} ms)`
}

/** The operator's own query; one that fails stops the work, because nobody knows what it would have said. */
async function ownReason(engine: Engine, query: string): Promise<string | null> {
  try {
    const { rows } = await engine.pool.query<unknown[]>({ text: query, rowMode: 'array' })
    const value = rows[0]?.[0]
    return value === null || value === undefined ? null : String(value)
  } catch (error) {
    engine.log.warn({ err: error }, 'the throttle query failed')
    return `the throttle query fails: ${(error as Error).message}`
  }
}

function slow(store: string, ms: number, limit: number): string {
  return `${store} answers in ${Math.round(ms)} ms (limit ${limit} ms)`
}
