import { Long } from 'bson'
import { CursorReply } from '../wire/reply-encoding.ts'
import type { Command } from './command.ts'
import { typeMismatch, unauthorizedCursor } from './cursor-errors.ts'
import { numberField } from './fields.ts'

/** How long a change stream waits for something to happen when the driver names no time. */
const DEFAULT_AWAIT_MS = 1000

export const getMore: Command = {
  name: 'getMore',
  fields: ['collection', 'batchSize', 'term', 'lastKnownCommittedOpTime'],
  inTransaction: true,
  async run({ command, server, session, operation }) {
    const id: unknown = command.getMore
    if (!(id instanceof Long)) throw typeMismatch()
    const cursor = server.cursors.get(id)
    if (cursor.sessionKey !== undefined && cursor.sessionKey !== session?.key)
      throw unauthorizedCursor(cursor.ns)
    const signal = AbortSignal.any([operation.controller.signal, cursor.killed.signal])
    const limit = numberField(command, 'batchSize') ?? Number.POSITIVE_INFINITY
    const waitMs = numberField(command, 'maxTimeMS') ?? DEFAULT_AWAIT_MS
    const { documents, fields } = await cursor.source.next(limit, waitMs, signal)
    signal.throwIfAborted()
    if (cursor.source.exhausted) server.cursors.kill(id)
    const next = cursor.source.exhausted ? Long.ZERO : id
    return new CursorReply({ id: next, ns: cursor.ns, part: 'nextBatch', documents }, fields)
  },
}
