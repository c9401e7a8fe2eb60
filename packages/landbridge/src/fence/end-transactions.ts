import type { Document } from 'mongodb'
import type { Engine } from '../engine.ts'
import { clientAppName } from '../nodes/client-app-name.ts'
import type { NodeRow } from '../nodes/node-row.ts'

/**
 * Ends what dead nodes left open in MongoDB, which would keep it for its 60 s: `collMod` would wait for it, and every
 * later operation behind `collMod` (A9). They are known by the app name that carries their node's id. A transaction of
 * a node that lives after all fails whole, as by a conflict. Answers how many were ended.
 */
export async function endTransactionsOf(engine: Engine, nodes: readonly NodeRow[]): Promise<number> {
  if (nodes.length === 0) return 0
  const admin = engine.mongo.db('admin')
  const open = await admin
    .aggregate<{ lsid: Document }>([
      { $currentOp: { allUsers: true, idleSessions: true } },
      { $match: { appName: { $in: nodes.map(clientAppName) }, transaction: { $exists: true } } },
      { $project: { lsid: 1 } },
    ])
    .toArray()
  if (open.length === 0) return 0
  await admin.command({ killAllSessionsByPattern: open.map(({ lsid }) => ({ lsid })) })
  return open.length
}
