import type { Pool } from 'pg'
import { startCapture } from '../capture/change-stream.ts'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { startAssertLoop } from '../fence/assert-loop.ts'
import { install } from '../install.ts'
import { startRelay } from '../mirror/relay.ts'
import { startReconcile } from '../reconcile/reconcile.ts'
import { heartbeat, trackBackends } from './heartbeat.ts'
import type { NodeKind } from './node-row.ts'
import { type UnitWatch, watchUnits } from './unit-watch.ts'

export interface NodeOptions {
  kind?: NodeKind
  /** What the process does for all: whoever offers a duty may get it; one process at a time does it. */
  duties: { capture?: boolean; relay?: boolean; reconcile?: boolean }
  /** The application's own pools, so that a coordinator can end what this node holds if it falls silent. */
  pools?: readonly Pool[]
}

export interface Node {
  watch: UnitWatch
  stop(): Promise<void>
}

interface Stoppable {
  stop(): Promise<void>
}

/**
 * Makes this process a node: it says that it lives, follows the unit rows, answers pings and announcements, keeps
 * MongoDB as the rows say, and does its duties. Starts also while Postgres is away: units whose copy says MongoDB are
 * served, and what is missing is installed as soon as Postgres is back.
 */
export async function startNode(engine: Engine, options: NodeOptions): Promise<Node> {
  const installing = await installWhenReachable(engine)
  const backendPids = trackBackends([engine.pool, ...(options.pools ?? [])])
  const watch = await watchUnits(engine, {
    report: heartbeat(engine, options.kind ?? 'application', backendPids),
  })
  const running: Stoppable[] = [
    installing,
    startAssertLoop(engine, { onBlocked: (unit, reason) => watch.block(unit, reason) }),
  ]
  if (options.duties.capture === true) running.push(startCapture(engine))
  if (options.duties.relay === true) running.push(startRelay(engine))
  if (options.duties.reconcile === true) running.push(startReconcile(engine))
  return {
    watch,
    async stop() {
      // Duties first: they stop moving units before this node stops telling that it lives.
      await Promise.allSettled(running.map((each) => each.stop()))
      await watch.stop()
      await engine.pool
        .query('delete from landbridge.node where id = $1', [engine.node.id])
        .catch((error: unknown) => engine.log.debug({ err: error }, 'the node could not sign off'))
    },
  }
}

/**
 * Installs what is missing, now or, while Postgres is away, as soon as it is back. MongoDB may be away too: a unit on
 * Postgres does not need it to be served.
 */
async function installWhenReachable(engine: Engine): Promise<Stoppable> {
  if (await tryInstall(engine)) return { stop: async () => {} }
  engine.log.warn('Postgres is away: units on MongoDB are served by the copy of their rows')
  let running: Promise<boolean> | undefined
  const timer = setInterval(async () => {
    running ??= tryInstall(engine)
    if (await running) clearInterval(timer)
    running = undefined
  }, engine.config.timing.heartbeatMs)
  timer.unref()
  return {
    stop: async () => {
      clearInterval(timer)
      await running
    },
  }
}

/** False while Postgres is away; every other error is the caller's. */
async function tryInstall(engine: Engine): Promise<boolean> {
  try {
    await engine.pool.query('select 1')
  } catch (error) {
    engine.log.debug({ err: error }, 'Postgres is away')
    return false
  }
  try {
    await install(engine)
  } catch (error) {
    if (!(error instanceof LandbridgeError && error.code === errorCodes.mongoUnavailable)) throw error
    engine.log.warn({ err: error }, 'MongoDB is away: units on Postgres are served')
    await install(engine, { mongo: false })
  }
  return true
}
