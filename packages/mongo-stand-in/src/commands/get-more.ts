import { Long } from 'bson'
import { badValue } from '../server-error.ts'
import { CursorReply } from '../wire/reply-encoding.ts'
import type { Command } from './command.ts'
import { otherNamespace, typeMismatch, unauthorizedCursor } from './cursor-errors.ts'
import { numberField, stringField } from './fields.ts'

/** How long a change stream waits for something to happen when the driver names no time. */
const DEFAULT_AWAIT_MS = 1000

export const getMore: Command = {
  name: 'getMore',
  fields: ['collection', 'batchSize', 'term', 'lastKnownCommittedOpTime'],
  inTransaction: true,
  async run({ command, server, session, operation, db }) {
    const id: unknown = command.getMore
    if (!(id instanceof Long)) throw typeMismatch()
    const cursor = server.cursors.get(id)
    if (cursor.sessionKey !== undefined && cursor.sessionKey !== session?.key)
      throw unauthorizedCursor(cursor.ns)
    const ns = `${db}.${stringField(command, 'collection')}`
    if (ns !== cursor.ns) throw otherNamespace(ns, cursor.ns)
    const signal = AbortSignal.any([operation.controller.signal, cursor.killed.signal])
    const { source } = cursor
    const maxTimeMs = numberField(command, 'maxTimeMS')
    if (maxTimeMs !== undefined && !source.awaitsData)
      throw badValue('cannot set maxTimeMS on getMore command for a non-awaitData cursor')
    const limit = numberField(command, 'batchSize') || Number.POSITIVE_INFINITY
    const waitMs = source.awaitsData ? (maxTimeMs ?? DEFAULT_AWAIT_MS) : 0
    const { documents, fields } = await source.next(limit, waitMs, signal)
    signal.throwIfAborted()
    if (source.exhausted) server.cursors.kill(id)
    const next = source.exhausted ? Long.ZERO : id
    return new CursorReply({ id: next, ns: cursor.ns, part: 'nextBatch', documents }, fields)
  },
}
