import { type Document, Long } from 'bson'
import { ResultSource } from '../cursors/batch.ts'
import type { CursorSource } from '../cursors/cursor-registry.ts'
import { toTimestamp } from '../storage/cluster-clock.ts'
import { CursorReply } from '../wire/reply-encoding.ts'
import type { CommandContext } from './context.ts'

export interface FirstBatchOptions {
  readonly ns: string
  /** Documents in the first reply; 101 by default, 0 opens the cursor alone. */
  readonly batchSize: number | undefined
  /** Close the cursor after the first batch. */
  readonly single?: boolean
}

/** Answers with the beginning of a complete result and a cursor for the rest. */
export function resultReply(
  context: CommandContext,
  documents: readonly Uint8Array[],
  options: FirstBatchOptions,
): Promise<CursorReply> {
  return lazyReply(context, documents, (document) => document, options)
}

/** The same for a result of which `toBytes` makes the documents, batch by batch. */
export function lazyReply<T>(
  context: CommandContext,
  documents: readonly T[],
  toBytes: (document: T) => Uint8Array,
  options: FirstBatchOptions,
): Promise<CursorReply> {
  const { readAt } = context
  const fields: Document = readAt === undefined ? {} : { atClusterTime: toTimestamp(readAt) }
  return cursorReply(context, new ResultSource(documents, toBytes, fields), options)
}

/** Answers with the first batch of a source; a cursor stays open if more may come. */
export async function cursorReply(
  { server, session, transaction, operation, command }: CommandContext,
  source: CursorSource,
  { ns, batchSize = 101, single = false }: FirstBatchOptions,
): Promise<CursorReply> {
  const { documents, fields } = await source.next(batchSize, 0, operation.controller.signal)
  const done = single || source.exhausted
  const id = done
    ? Long.ZERO
    : server.cursors.add({
        ns,
        source,
        sessionKey: session?.key,
        txnNumber: transaction?.txnNumber,
        staysIdle: command.noCursorTimeout === true,
      }).id
  return new CursorReply({ id, ns, part: 'firstBatch', documents }, fields)
}
