import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '../engine.ts'
import { pingChannel } from './node-connection.ts'
import { type NodeRow, readNodes } from './node-row.ts'

export interface PingResult {
  answered: NodeRow[]
  /** Live by their heartbeat, but without an answer in time. */
  silent: NodeRow[]
  dead: NodeRow[]
}

/** Asks every node for a sign of life; ends as soon as all live ones have answered, at the latest after `pingMs`. */
export async function pingNodes(engine: Engine): Promise<PingResult> {
  const ping = randomUUID()
  await engine.pool.query('select pg_notify($1, $2)', [pingChannel, ping])
  return untilSeen(engine, (node) => node.seen.ping === ping)
}

/** Waits until every live node has seen the unit at this epoch and status. */
export async function waitForNodes(engine: Engine, unit: string, epoch: bigint): Promise<PingResult> {
  return untilSeen(engine, (node) => BigInt(node.seen.units[unit]?.epoch ?? '0') >= epoch)
}

async function untilSeen(engine: Engine, hasSeen: (node: NodeRow) => boolean): Promise<PingResult> {
  const { pingMs, nodeDeadAfterMs } = engine.config.timing
  const until = performance.now() + pingMs
  for (;;) {
    const nodes = (await readNodes(engine.pool, nodeDeadAfterMs)).filter(
      (node) => node.kind === 'application',
    )
    const live = nodes.filter((node) => node.live)
    const result: PingResult = {
      answered: live.filter(hasSeen),
      silent: live.filter((node) => !hasSeen(node)),
      dead: nodes.filter((node) => !node.live),
    }
    if (result.silent.length === 0 || performance.now() >= until) return result
    await sleep(Math.min(10, pingMs / 10))
  }
}
