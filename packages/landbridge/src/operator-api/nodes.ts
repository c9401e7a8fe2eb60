import type { Engine } from '../engine.ts'
import { readNodes } from '../nodes/node-row.ts'

export interface NodeInfo {
  name: string
  kind: string
  processId: number
  host: string
  build: string
  live: boolean
  heartbeatAgeMs: number
  startedAt: Date
  duties: string[]
}

/** Every process that is, or lately was, a node. */
export async function nodes(engine: Engine): Promise<NodeInfo[]> {
  const { rows } = await engine.pool.query(
    'select name, node from landbridge.duty where until > clock_timestamp() order by name',
  )
  const now = engine.clock.now().getTime()
  const all = await readNodes(engine.pool, engine.config.timing.nodeDeadAfterMs)
  return all.map((node) => ({
    name: node.name,
    kind: node.kind,
    processId: node.processId,
    host: node.host,
    build: node.build,
    live: node.live,
    heartbeatAgeMs: Math.max(0, now - node.heartbeatAt.getTime()),
    startedAt: node.startedAt,
    duties: rows.filter((duty) => duty.node === node.id).map((duty) => duty.name),
  }))
}
