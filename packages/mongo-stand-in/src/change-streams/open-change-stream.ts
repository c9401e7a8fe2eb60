import type { Document } from 'bson'
import type { CommandContext } from '../commands/context.ts'
import { serverError } from '../server-error.ts'
import { type ClusterTime, fromTimestamp } from '../storage/cluster-clock.ts'
import type { Store } from '../storage/store.ts'
import { ChangeStream, historyLost, type StreamStart } from './change-stream.ts'
import { compileEventPipeline } from './event-pipeline.ts'
import { decodeToken, type ResumePoint } from './resume-token.ts'
import { readStreamOptions, type StreamOptions } from './stream-options.ts'

/** Opens the stream that the pipeline's first stage describes, at the place from which the client wants to go on. */
export function openChangeStream(
  { server, transaction }: CommandContext,
  [first = {}, ...rest]: Document[],
  target: { db: string; name: string | undefined },
): ChangeStream {
  if (transaction !== undefined) {
    throw serverError(
      263,
      'OperationNotSupportedInTransaction',
      '$changeStream cannot be used in a transaction',
    )
  }
  const options = readStreamOptions(first, target)
  return new ChangeStream(
    server.store,
    options,
    compileEventPipeline(rest),
    streamStart(server.store, options),
  )
}

function streamStart(store: Store, options: StreamOptions): StreamStart {
  const { oplog } = store
  const { resumeAfter, startAfter, startAtOperationTime } = options
  if (resumeAfter !== undefined || startAfter !== undefined) {
    const point = decodeToken(resumeAfter ?? startAfter)
    if (point.kind === 'invalidate' && resumeAfter !== undefined) {
      throw serverError(
        260,
        'InvalidResumeToken',
        'Attempting to resume a change stream using resumeAfter is not allowed from an invalidate notification.',
      )
    }
    return resumeAt(store, point)
  }
  if (startAtOperationTime !== undefined) {
    const time = fromTimestamp(startAtOperationTime)
    if (time <= oplog.trimmedUpTo) throw historyLost()
    return { at: oplog.locate(time, 0), point: { kind: 'time', time: time - 1n }, skipFragments: 0 }
  }
  return { at: oplog.end, point: { kind: 'time', time: store.now() }, skipFragments: 0 }
}

function resumeAt({ oplog, advanceTo }: Store, point: ResumePoint): StreamStart {
  assertInHistory(oplog.trimmedUpTo, point)
  // A position of this server's future cannot be; should a client hold one, no later event may come before it.
  advanceTo(point.time)
  if (point.kind === 'time') return { at: oplog.locate(point.time + 1n, 0), point, skipFragments: 0 }
  const at = oplog.locate(point.time, point.part)
  const record = oplog.at(at)
  if (
    record === undefined ||
    record === 'trimmed' ||
    record.time !== point.time ||
    record.part !== point.part
  ) {
    throw serverError(
      280,
      'ChangeStreamFatalError',
      'cannot resume stream; the resume token was not found.',
      { labels: ['NonResumableChangeStreamError'] },
    )
  }
  const fragment = point.kind === 'event' ? point.fragment : undefined
  if (fragment !== undefined) return { at, point, skipFragments: fragment + 1 }
  return { at: at + 1, point, skipFragments: 0 }
}

function assertInHistory(trimmedUpTo: ClusterTime, { kind, time }: ResumePoint): void {
  // Behind everything up to a time: enough that nothing after it is gone. An event itself must still be there.
  if (kind === 'time' ? time < trimmedUpTo : time <= trimmedUpTo) throw historyLost()
}
