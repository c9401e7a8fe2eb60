import { type Document, Int32 } from 'bson'
import { documentField } from '../commands/fields.ts'
import { CursorReply } from '../wire/reply-encoding.ts'

/** The reply fields of a write concern that one node cannot satisfy. */
export function writeConcernProblem(command: Document): Document | undefined {
  const w: unknown = documentField(command, 'writeConcern')?.w
  if (w === undefined || w === 'majority') return undefined
  if (typeof w === 'string') {
    return {
      code: new Int32(79),
      codeName: 'UnknownReplWriteConcern',
      errmsg: `No write concern mode named '${w}' found in replica set configuration`,
    }
  }
  if (Number(String(w)) <= 1 || Number.isNaN(Number(String(w)))) return undefined
  return {
    code: new Int32(100),
    codeName: 'UnsatisfiableWriteConcern',
    errmsg: 'Not enough data-bearing nodes',
  }
}

/** The reply with what became of its write concern: what was written stays written. */
export function withWriteConcernError(
  reply: Document | CursorReply,
  problem: Document,
  labels: readonly string[],
): Document | CursorReply {
  const fields = { writeConcernError: problem, ...(labels.length === 0 ? {} : { errorLabels: labels }) }
  if (!(reply instanceof CursorReply)) return { ...reply, ...fields }
  return new CursorReply(reply, reply.cursorFields, { ...reply.fields, ...fields })
}
