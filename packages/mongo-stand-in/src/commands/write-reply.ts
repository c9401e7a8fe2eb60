import { type Document, Long } from 'bson'
import { toTimestamp } from '../storage/cluster-clock.ts'
import type { CommandContext } from './context.ts'
import { electionId } from './hello.ts'

/** The reply of a write command, with what drivers and tools expect of a replica set's primary. */
export function writeReply(context: CommandContext, counts: Document, writeErrors: Document[]): Document {
  if (context.transaction !== undefined) {
    return { ...counts, ...(writeErrors.length === 0 ? {} : { writeErrors }) }
  }
  const opTime = { ts: toTimestamp(context.server.store.now()), t: Long.fromNumber(context.server.term) }
  return {
    ...counts,
    electionId: electionId(context.server.term),
    opTime,
    ...(writeErrors.length === 0 ? {} : { writeErrors }),
  }
}
