import { existsSync } from 'node:fs'
import type { Engine } from '../engine.ts'
import { shared } from './shared-look.ts'
import { type StoreHealth, storeHealth } from './store-health.ts'
import { allUnits, type EffectiveThrottle, readEffectiveThrottle } from './throttle-settings.ts'

/** Asked before each chunk and batch: why long work must wait now, or null. */
export type Throttle = () => Promise<string | null>

/**
 * Looks at the settings of a unit (or of all units) and at how both stores answer; the reason is a sentence for the
 * operator. The rate and the number of workers are asked elsewhere: they hold for all machines together.
 */
export function storeThrottle(engine: Engine, unit: string = allUnits): Throttle {
  const health = storeHealth(engine)
  return shared(async () =>
    findThrottleReason(engine, health, await readEffectiveThrottle(engine.pool, unit)),
  )
}

/** The first reason found; what an operator decided comes before what was measured. */
async function findThrottleReason(
  engine: Engine,
  health: StoreHealth,
  settings: EffectiveThrottle,
): Promise<string | null> {
  if (settings.pausedBecause !== null) return `paused by an operator: ${settings.pausedBecause}`
  const flag = settings.flagFiles.find((file) => existsSync(file))
  if (flag !== undefined) return `the file ${flag} exists`
  return (
    (await postgresIsSlow(engine, health, settings)) ??
    (await mongoIsSlow(health, settings)) ??
    (await replicaIsBehind(health, settings)) ??
    (await ownReason(engine, settings.queries))
  )
}

async function postgresIsSlow(
  engine: Engine,
  health: StoreHealth,
  settings: EffectiveThrottle,
): Promise<string | null> {
  try {
    const ms = await health.postgresMs(settings.latencyQuery)
    return ms > settings.postgresLatencyMs ? slow('Postgres', ms, settings.postgresLatencyMs) : null
  } catch (error) {
    if (settings.latencyQuery === null) throw error
    return failing(engine, 'latency', error)
  }
}

async function mongoIsSlow(health: StoreHealth, settings: EffectiveThrottle): Promise<string | null> {
  const ms = await health.mongoMs()
  return ms > settings.mongoLatencyMs ? slow('MongoDB', ms, settings.mongoLatencyMs) : null
}

async function replicaIsBehind(health: StoreHealth, settings: EffectiveThrottle): Promise<string | null> {
  const worst = await health.replica()
  if (worst === null || worst.lagMs <= settings.replicationLagMs) return null
  return `the replica ${worst.name} is ${Math.round(worst.lagMs)} ms behind (limit ${settings.replicationLagMs} ms)`
}

/** The operator's own queries; one that fails stops the work, because nobody knows what it would have said. */
async function ownReason(engine: Engine, queries: readonly string[]): Promise<string | null> {
  for (const query of queries) {
    const reason = await askQuery(engine, query)
    if (reason !== null) return reason
  }
  return null
}

async function askQuery(engine: Engine, query: string): Promise<string | null> {
  try {
    const { rows } = await engine.pool.query<unknown[]>({ text: query, rowMode: 'array' })
    const value = rows[0]?.[0]
    if (value === null || value === undefined || value === true) return null
    if (value === false) return 'the throttle query says to wait'
    return String(value)
  } catch (error) {
    return failing(engine, 'throttle', error)
  }
}

function failing(engine: Engine, which: 'latency' | 'throttle', error: unknown): string {
  engine.log.warn({ err: error }, `the ${which} query failed`)
  return `the ${which} query fails: ${error instanceof Error ? error.message : String(error)}`
}

function slow(store: string, ms: number, limit: number): string {
  return `${store} answers in ${Math.round(ms)} ms (p95, limit ${limit} ms)`
}
