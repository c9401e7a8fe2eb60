import { Double, Int32, Long } from 'bson'
import { VERSION } from '../version.ts'
import type { Command } from './command.ts'

/** Tells how the process is, as far as drivers and tools ask. */
export const serverStatus: Command = {
  name: 'serverStatus',
  run: ({ server }) => ({
    host: server.address,
    version: VERSION,
    process: 'mongo-stand-in',
    pid: Long.fromNumber(process.pid),
    uptime: new Double((Date.now() - server.startedAt.getTime()) / 1000),
    localTime: new Date(),
    mem: { bits: new Int32(64), resident: new Int32(Math.round(process.memoryUsage.rss() / 1048576)) },
    repl: {
      setName: server.replicaSet,
      isWritablePrimary: true,
      hosts: [server.address],
      me: server.address,
    },
    storageEngine: { name: 'stand-in', supportsCommittedReads: true, persistent: true },
    transactions: { currentOpen: Long.fromNumber(openTransactions(server.sessions.all())) },
  }),
}

function openTransactions(sessions: Iterable<{ transaction: { state: string } | undefined }>): number {
  let open = 0
  for (const { transaction } of sessions) if (transaction?.state === 'open') open++
  return open
}
