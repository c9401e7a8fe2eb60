import type { ServerState } from './server-state.ts'
import { abortTransaction, TRANSACTION_LIFETIME_MS } from './transactions/open-transaction.ts'
import { SESSION_TIMEOUT_MINUTES } from './transactions/session-registry.ts'
import { deleteExpired } from './ttl-monitor.ts'

export interface BackgroundOptions {
  /** Seconds between two rounds of the TTL monitor. */
  ttlIntervalSeconds: number
}

/** Starts what runs without being asked: TTL deletes, and the end of old transactions, cursors and sessions. */
export function startBackground(server: ServerState, { ttlIntervalSeconds }: BackgroundOptions): () => void {
  const timers = [
    setInterval(() => deleteExpired(server), ttlIntervalSeconds * 1000),
    setInterval(() => endOverdue(server), 1000),
  ]
  for (const timer of timers) timer.unref()
  return () => {
    for (const timer of timers) clearInterval(timer)
  }
}

/** Ends transactions, cursors and sessions whose time is over. */
export function endOverdue(server: ServerState, now = Date.now()): void {
  for (const session of [...server.sessions.all()]) {
    const { transaction } = session
    if (transaction?.state === 'open') {
      if (now - transaction.startedAt.getTime() > TRANSACTION_LIFETIME_MS)
        abortTransaction(server, transaction)
    } else if (now - session.lastUse > SESSION_TIMEOUT_MINUTES * 60_000) {
      server.cursors.killWhere(({ sessionKey }) => sessionKey === session.key)
      server.sessions.forget(session)
    }
  }
  server.cursors.killIdle(now)
}
