import type { Engine } from '../engine.ts'
import { readPosition, secondsOf } from './position.ts'

export interface StreamLag {
  /** Seconds of the source's cluster time that the stored position is behind; undefined before the first position. */
  behindSeconds: number | undefined
  storedAt: Date | undefined
  lostAt: Date | undefined
  /** Age of the oldest entry that MongoDB still has; undefined where it may not be read. */
  oplogWindowSeconds: number | undefined
  /** The position has used up half of that window: begin to worry (section "While Postgres is away"). */
  alarm: boolean
}

export interface OutboxLag {
  unit: string
  rows: number
  entities: number
  oldestMs: number
}

/** How far the change stream's stored position is behind the source. */
export async function streamLag(engine: Engine): Promise<StreamLag> {
  const [stored, now] = await Promise.all([readPosition(engine.pool), sourceSeconds(engine)])
  const oldest = await oldestOplogSeconds(engine)
  const behindSeconds = stored === undefined ? undefined : Math.max(0, now - secondsOf(stored.clusterTime))
  const oplogWindowSeconds = oldest === undefined ? undefined : now - oldest
  return {
    behindSeconds,
    storedAt: stored?.updatedAt,
    lostAt: stored?.lostAt ?? undefined,
    oplogWindowSeconds,
    // A window of a few seconds is a server that has just been started.
    alarm: (oplogWindowSeconds ?? 0) > 60 && (behindSeconds ?? 0) * 2 > (oplogWindowSeconds ?? 0),
  }
}

/** What waits for the relay, by unit. */
export async function outboxLag(engine: Engine): Promise<OutboxLag[]> {
  const { rows } = await engine.pool.query<OutboxLag>(
    `select unit, count(*)::int as rows, count(distinct (collection, entity))::int as entities,
       greatest(0, extract(epoch from clock_timestamp() - min(written_at)) * 1000)::float as "oldestMs"
     from landbridge.change_outbox group by unit order by unit`,
  )
  return rows
}

async function sourceSeconds(engine: Engine): Promise<number> {
  return engine.mongo.withSession(async (session) => {
    await engine.database.command({ ping: 1 }, { session })
    return session.operationTime === undefined ? 0 : secondsOf(session.operationTime.toBigInt())
  })
}

/** Needs the right to read database `local`, which not every deployment gives. */
async function oldestOplogSeconds(engine: Engine): Promise<number | undefined> {
  try {
    const oplog = engine.mongo.db('local').collection('oplog.rs')
    const first = await oplog.findOne({}, { sort: { $natural: 1 }, projection: { ts: 1 } })
    return first?.ts === undefined ? undefined : secondsOf(first.ts.toBigInt())
  } catch (err) {
    engine.log.debug({ err }, 'the oplog may not be read: its window is unknown')
    return undefined
  }
}
