import { type Document, Long } from 'bson'
import { toTimestamp } from '../storage/cluster-clock.ts'
import type { CommandContext } from './context.ts'
import { ELECTION_ID } from './hello.ts'

/** The reply of a write command, with what drivers and tools expect of a replica set's primary. */
export function writeReply(context: CommandContext, counts: Document, writeErrors: Document[]): Document {
  if (context.transaction !== undefined) {
    return { ...counts, ...(writeErrors.length === 0 ? {} : { writeErrors }) }
  }
  const opTime = { ts: toTimestamp(context.server.store.now()), t: Long.ONE }
  return { ...counts, electionId: ELECTION_ID, opTime, ...(writeErrors.length === 0 ? {} : { writeErrors }) }
}
