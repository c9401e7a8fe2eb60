import { Binary, type ClientSession, type MongoClient } from 'mongodb'
import type { Engine } from '../engine.ts'

/** A session in use longer than this ago is registered again before it writes. */
const REGISTER_AGAIN_MS = 10 * 60_000
/** Registered longer ago than this: unused, or its process is gone. Far above a transaction's 60 s. */
const UNUSED_MS = 60 * 60_000

interface MirrorSession {
  session: ClientSession
  registeredAt: number
}

const idleSessions = new WeakMap<MongoClient, MirrorSession[]>()

/**
 * Runs the work in a session of the mirror's own client whose id was registered in Postgres before: so a change
 * stream event that carries it is known as ours without looking ahead for the guard's event (O1). A session that met
 * an error is not used again.
 */
export async function withMirrorSession<T>(
  engine: Engine,
  work: (session: ClientSession) => Promise<T>,
): Promise<T> {
  const idle = idleSessionsOf(engine.mirrorClient)
  const held = idle.pop() ?? { session: engine.mirrorClient.startSession(), registeredAt: 0 }
  try {
    await register(engine, held)
    const result = await work(held.session)
    idle.push(held)
    return result
  } catch (error) {
    await endQuietly(engine, held.session)
    throw error
  }
}

/** Ends the idle sessions. Their registrations stay until the position has passed their last writes. */
export async function closeMirrorSessions(engine: Engine): Promise<void> {
  const idle = idleSessionsOf(engine.mirrorClient)
  await Promise.all(idle.splice(0).map(({ session }) => endQuietly(engine, session)))
}

/**
 * Forgets sessions that have not been used for an hour, once the stored position has passed a moment after their
 * last use. A process that was frozen for longer may still commit one transaction: its event is then taken for a
 * foreign one, kept, and mirrored once more; a later use registers again.
 */
export async function purgeMirrorSessions(engine: Engine): Promise<void> {
  const now = await currentClusterTime(engine)
  if (now !== undefined) {
    await engine.pool.query(
      `update landbridge.mirror_session set last_used = $1
       where last_used is null and registered_at < now() - make_interval(secs => $2)`,
      [String(now), UNUSED_MS / 1_000],
    )
  }
  await engine.pool.query(
    `delete from landbridge.mirror_session s using landbridge.position p
     where p.capture = 'mongo' and s.last_used < p.cluster_time`,
  )
}

/**
 * Ends the transactions of processes that are gone: MongoDB would keep them, and with them the entities that they
 * were writing, for another 60 s. A transaction of a process that lives after all fails as by a conflict.
 */
export async function endTransactionsOfDeadNodes(engine: Engine): Promise<void> {
  const { rows } = await engine.pool.query<{ lsid: Buffer }>(
    `select s.lsid from landbridge.mirror_session s left join landbridge.node n on n.id = s.node
     where s.node <> $1 and s.registered_at > now() - make_interval(secs => $2)
       and (n.id is null or n.heartbeat_at < now() - make_interval(secs => $3))`,
    [engine.node.id, UNUSED_MS / 1_000, engine.config.timing.nodeDeadAfterMs / 1_000],
  )
  if (rows.length === 0) return
  await engine.mongo
    .db('admin')
    .command({ killSessions: rows.map(({ lsid }) => ({ id: new Binary(lsid, Binary.SUBTYPE_UUID) })) })
}

/** The bytes that stand for a session, in its registration and in an event's `lsid.id`. */
export function sessionBytes(id: { buffer: Uint8Array; position?: number }): Buffer {
  return Buffer.from(id.buffer.subarray(0, id.position ?? id.buffer.length))
}

async function register(engine: Engine, held: MirrorSession): Promise<void> {
  const now = Date.now()
  if (now - held.registeredAt < REGISTER_AGAIN_MS) return
  const lsid = held.session.id
  if (lsid === undefined) throw new Error('the driver gave a session without an id')
  await engine.pool.query(
    `insert into landbridge.mirror_session (lsid, node) values ($1, $2)
     on conflict (lsid) do update set node = excluded.node, registered_at = now(), last_used = null`,
    [sessionBytes(lsid.id), engine.node.id],
  )
  held.registeredAt = now
}

async function currentClusterTime(engine: Engine): Promise<bigint | undefined> {
  return engine.mongo.withSession(async (session) => {
    await engine.mongo.db('admin').command({ ping: 1 }, { session })
    return session.operationTime?.toBigInt()
  })
}

async function endQuietly(engine: Engine, session: ClientSession): Promise<void> {
  try {
    if (session.inTransaction()) await session.abortTransaction()
    await session.endSession()
  } catch (err) {
    // MongoDB aborts the transaction by itself after 60 s; the error that brought us here is what the caller gets.
    engine.log.debug({ err }, 'ending a mirror session failed')
  }
}

function idleSessionsOf(client: MongoClient): MirrorSession[] {
  const known = idleSessions.get(client)
  if (known !== undefined) return known
  const fresh: MirrorSession[] = []
  idleSessions.set(client, fresh)
  return fresh
}
