import type { Engine } from '../engine.ts'
import { type Probe, startProbe } from './probe.ts'
import { shared } from './shared-look.ts'

/** How both stores are doing, as this process sees them. */
export interface StoreHealth {
  /** 95th percentile of the query, or of `select 1`. */
  postgresMs(query: string | null): Promise<number>
  mongoMs(): Promise<number>
  /** The replica that is furthest behind; null where there is none. */
  replica(): Promise<{ name: string; lagMs: number } | null>
}

const known = new WeakMap<Engine['pool'], StoreHealth>()

/** One for all that share the pool. */
export function storeHealth(engine: Engine): StoreHealth {
  const existing = known.get(engine.pool)
  if (existing !== undefined) return existing
  const health = followStores(engine)
  known.set(engine.pool, health)
  return health
}

function followStores(engine: Engine): StoreHealth {
  const looks = new Map<string, () => Promise<number>>()
  const postgresMs = (query: string | null) => {
    const text = query ?? 'select 1'
    let look = looks.get(text)
    if (look === undefined) {
      look = shared(probing(startProbe(() => engine.pool.query(text))))
      looks.set(text, look)
    }
    return look()
  }
  return {
    postgresMs,
    mongoMs: shared(probing(startProbe(() => engine.database.command({ ping: 1 })))),
    replica: shared(() => worstReplica(engine)),
  }
}

const probing = (probe: Probe) => () => probe.look()

async function worstReplica(engine: Engine): Promise<{ name: string; lagMs: number } | null> {
  const { rows } = await engine.pool.query<{ name: string; lagMs: number }>(
    `select application_name as name, (extract(epoch from replay_lag) * 1000)::float8 as "lagMs"
     from pg_stat_replication where replay_lag is not null order by replay_lag desc limit 1`,
  )
  return rows[0] ?? null
}
