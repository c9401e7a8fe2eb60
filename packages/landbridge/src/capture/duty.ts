import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '../engine.ts'

const LEASE_MS = 5_000
const RENEW_MS = 1_000
const LONGEST_PAUSE_MS = 10_000

/** Something that runs until it is stopped. */
export interface Running {
  stop(): Promise<void>
}

/**
 * Does the work while this node holds the duty, so that one node of all does it. The lease only spares double work:
 * what is done under it must also be safe when two do it. Work that fails is begun again after a growing pause.
 */
export function holdDuty(
  engine: Engine,
  name: string,
  work: (signal: AbortSignal) => Promise<void>,
): Running {
  const stopping = new AbortController()
  const done = keepTrying(engine, name, work, stopping.signal)
  return {
    stop: async () => {
      stopping.abort()
      await done
    },
  }
}

/** Waits, and returns at once when the signal comes. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: Error) => {
    if (error.name !== 'AbortError') throw error
  })
}

async function keepTrying(
  engine: Engine,
  name: string,
  work: (signal: AbortSignal) => Promise<void>,
  stopping: AbortSignal,
): Promise<void> {
  let failures = 0
  while (!stopping.aborted) {
    try {
      if (await claim(engine, name)) await workUnderLease(engine, name, work, stopping)
      failures = 0
      await pause(RENEW_MS, stopping)
    } catch (err) {
      failures++
      const pauseMs = Math.min(LONGEST_PAUSE_MS, 250 * 2 ** failures)
      engine.log.warn(
        { err, duty: name, failures, pauseMs },
        `duty "${name}" stands still and will go on where it was`,
      )
      await pause(pauseMs, stopping)
    }
  }
}

async function workUnderLease(
  engine: Engine,
  name: string,
  work: (signal: AbortSignal) => Promise<void>,
  stopping: AbortSignal,
): Promise<void> {
  const lost = new AbortController()
  const ended = new AbortController()
  const renewing = renew(engine, name, lost, ended.signal)
  try {
    await work(AbortSignal.any([stopping, lost.signal]))
  } finally {
    ended.abort()
    await renewing
    await release(engine, name)
  }
}

/** Renews each second; gives the duty up when another node has it or nothing was heard for a lease's length. */
async function renew(engine: Engine, name: string, lost: AbortController, ended: AbortSignal): Promise<void> {
  let renewedAt = Date.now()
  while (!ended.aborted) {
    await pause(RENEW_MS, ended)
    if (ended.aborted) return
    try {
      if (!(await claim(engine, name))) return lost.abort()
      renewedAt = Date.now()
    } catch (err) {
      engine.log.debug({ err, duty: name }, 'renewing a duty failed')
      if (Date.now() - renewedAt > LEASE_MS) return lost.abort()
    }
  }
}

async function claim(engine: Engine, name: string): Promise<boolean> {
  const result = await engine.pool.query(
    `insert into landbridge.duty as held (name, node, until)
     values ($1, $2, now() + make_interval(secs => $3))
     on conflict (name) do update set node = excluded.node, until = excluded.until
     where held.node = excluded.node or held.until < now()`,
    [name, engine.node.id, LEASE_MS / 1_000],
  )
  return result.rowCount === 1
}

async function release(engine: Engine, name: string): Promise<void> {
  try {
    await engine.pool.query('delete from landbridge.duty where name = $1 and node = $2', [
      name,
      engine.node.id,
    ])
  } catch (err) {
    // The lease ends by itself.
    engine.log.debug({ err, duty: name }, 'giving a duty up failed')
  }
}
