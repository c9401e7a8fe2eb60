import type { ClientBase, Pool } from 'pg'
import type { DocumentEvent } from './change-event.ts'

/** Sessions that were found registered; an unknown one is never remembered as foreign (O1). */
const knownSessions = new Set<string>()
const KNOWN_AT_MOST = 10_000

/**
 * The events that the mirror itself has caused: their session was registered in Postgres before its first write.
 * One that is not known here is looked up each time, because another process may have registered it just now.
 */
export async function ownEvents(
  client: Pool | ClientBase,
  events: readonly DocumentEvent[],
): Promise<ReadonlySet<DocumentEvent>> {
  const sessions = new Map<string, Buffer>()
  for (const { lsid } of events) {
    if (lsid !== undefined && !knownSessions.has(lsid.toString('hex')))
      sessions.set(lsid.toString('hex'), lsid)
  }
  if (sessions.size > 0) await lookUp(client, [...sessions.values()])
  return new Set(events.filter(({ lsid }) => lsid !== undefined && knownSessions.has(lsid.toString('hex'))))
}

async function lookUp(client: Pool | ClientBase, sessions: readonly Buffer[]): Promise<void> {
  const { rows } = await client.query<{ lsid: Buffer }>(
    'select lsid from landbridge.mirror_session where lsid = any($1::bytea[])',
    [sessions],
  )
  if (knownSessions.size > KNOWN_AT_MOST) knownSessions.clear()
  for (const { lsid } of rows) knownSessions.add(lsid.toString('hex'))
}
