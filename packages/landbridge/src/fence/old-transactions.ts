import type { Engine } from '../engine.ts'

export interface OldTransaction {
  store: 'mongo' | 'postgres'
  /** Backend pid, or MongoDB's operation or session. */
  id: string
  ageMs: number
  what: string
}

/**
 * Transactions that would make the fence wait: in Postgres those that hold the unit's lock, in MongoDB every open one
 * (an idle transaction does not tell its collections), each older than the pause may be (A8, A9).
 */
export async function oldTransactions(
  engine: Engine,
  unit: string,
  olderThanMs: number,
): Promise<OldTransaction[]> {
  const [postgres, mongo] = await Promise.all([
    oldInPostgres(engine, unit, olderThanMs),
    oldInMongo(engine, olderThanMs),
  ])
  return [...postgres, ...mongo]
}

/** Backends that hold the unit's lock now, with the age of their transaction. */
export async function holdersOfUnit(
  engine: Engine,
  unit: string,
): Promise<(OldTransaction & { pid: number })[]> {
  const { rows } = await engine.pool.query(
    `select a.pid, a.application_name as "application", a.state,
       extract(epoch from clock_timestamp() - a.xact_start) * 1000 as "ageMs"
     from pg_locks l join pg_stat_activity a on a.pid = l.pid,
       landbridge.unit_lock_key($1) as key
     where l.locktype = 'advisory' and l.granted and l.objsubid = 1
       and l.database = (select oid from pg_database where datname = current_database())
       and l.classid::bigint = (key >> 32) & 4294967295 and l.objid::bigint = key & 4294967295
       and a.pid <> pg_backend_pid()`,
    [unit],
  )
  return rows.map((row) => ({
    store: 'postgres',
    id: String(row.pid),
    pid: row.pid,
    ageMs: Number(row.ageMs),
    what: `${row.application} (${row.state})`,
  }))
}

async function oldInPostgres(engine: Engine, unit: string, olderThanMs: number): Promise<OldTransaction[]> {
  return (await holdersOfUnit(engine, unit)).filter((holder) => holder.ageMs > olderThanMs)
}

async function oldInMongo(engine: Engine, olderThanMs: number): Promise<OldTransaction[]> {
  const operations = await engine.mongo
    .db('admin')
    .aggregate([
      { $currentOp: { allUsers: true, idleSessions: true } },
      { $match: { 'transaction.timeOpenMicros': { $gt: olderThanMs * 1_000 } } },
    ])
    .toArray()
  return operations.map((operation) => ({
    store: 'mongo',
    id: String(operation.opid ?? operation.lsid?.id?.toString('hex') ?? 'unknown'),
    ageMs: Number(operation.transaction.timeOpenMicros) / 1_000,
    what: `${operation.appName ?? operation.client ?? 'a client'} (transaction)`,
  }))
}
