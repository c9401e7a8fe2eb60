import { type ClientSession, Long, MongoServerError, Timestamp } from 'mongodb'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import type { Document } from '../mapping/types.ts'
import { type ChangeEvent, parseEvent } from './change-event.ts'
import { parseToken, type ResumeToken } from './position.ts'

/** How long the server waits for an event before it answers with a fresh token. */
const AWAIT_MS = 500
const BATCH = 500

/** What has been read, and the token behind it: storing it claims that all of these have been dealt with. */
export interface EventBatch {
  events: ChangeEvent[]
  token: ResumeToken
}

export interface EventStream {
  next(): Promise<EventBatch>
  close(): Promise<void>
}

interface CursorReply {
  id: Long
  firstBatch?: Document[]
  nextBatch?: Document[]
  postBatchResumeToken?: unknown
}

/** Where a stream begins: behind a token, at a cluster time, or now. */
export type StreamStart = ResumeToken | { clusterTime: bigint } | undefined

/**
 * Opens the change stream on the whole database, filtered by collection. It is read by plain
 * commands, because the driver's own stream hides the batches and resumes by itself past what has been stored.
 */
export async function openEventStream(
  engine: Engine,
  collections: readonly string[],
  after: StreamStart,
): Promise<EventStream> {
  const session = engine.mongo.startSession({ causalConsistency: false })
  try {
    let reply = await command(engine, session, {
      aggregate: 1,
      pipeline: pipelineFor(collections, after),
      cursor: { batchSize: BATCH },
      readConcern: { level: 'majority' },
    })
    let unread = true
    const nextReply = async (): Promise<CursorReply> => {
      if (unread) unread = false
      else reply = await getMore(engine, session, reply)
      return reply
    }
    return {
      next: () => readBatch(nextReply),
      close: async () => {
        if (!isZero(reply.id)) await killCursor(engine, session, reply.id)
        await session.endSession()
      },
    }
  } catch (error) {
    await session.endSession()
    throw error
  }
}

/** MongoDB no longer has the events after the token. */
export function isHistoryLost(error: unknown): boolean {
  return error instanceof MongoServerError && historyLostCodes.has(Number(error.code))
}

/** CappedPositionLost, InvalidResumeToken, ChangeStreamFatalError, ChangeStreamHistoryLost. */
const historyLostCodes = new Set([136, 260, 280, 286])

function pipelineFor(collections: readonly string[], after: StreamStart): Document[] {
  const names = { $in: [...collections] }
  return [
    {
      $changeStream: {
        fullDocumentBeforeChange: 'whenAvailable',
        ...startOption(after),
      },
    },
    {
      $match: {
        $or: [
          { 'ns.coll': names },
          { 'to.coll': names },
          { operationType: { $in: ['dropDatabase', 'invalidate'] } },
        ],
      },
    },
    // An update of a large document with its pre-image can be larger than a document may be.
    { $changeStreamSplitLargeEvent: {} },
  ]
}

function startOption(after: StreamStart): Document {
  if (after === undefined) return {}
  if ('clusterTime' in after) return { startAtOperationTime: new Timestamp(after.clusterTime) }
  // Unlike resumeAfter it also goes on after an invalidating event.
  return { startAfter: after }
}

async function command(engine: Engine, session: ClientSession, body: Document): Promise<CursorReply> {
  const reply = await engine.database.command(body, {
    session,
    readPreference: 'primary',
    promoteValues: false,
    promoteBuffers: false,
    bsonRegExp: true,
    // A document with broken text must reach its quarantine, not stop the stream.
    enableUtf8Validation: false,
  })
  return reply.cursor as CursorReply
}

async function getMore(engine: Engine, session: ClientSession, last: CursorReply): Promise<CursorReply> {
  if (isZero(last.id)) throw streamEnded()
  return command(engine, session, {
    getMore: last.id,
    collection: '$cmd.aggregate',
    batchSize: BATCH,
    maxTimeMS: AWAIT_MS,
  })
}

/** Puts split events together: no batch ends in the middle of one, because its token must not be stored. */
async function readBatch(nextReply: () => Promise<CursorReply>): Promise<EventBatch> {
  const events: ChangeEvent[] = []
  let fragments: Document | undefined
  for (;;) {
    const reply = await nextReply()
    for (const part of reply.firstBatch ?? reply.nextBatch ?? []) {
      const { splitEvent, ...fields } = part
      fragments = { ...fragments, ...fields }
      if (splitEvent !== undefined && !isLastFragment(splitEvent)) continue
      events.push(parseEvent(fragments))
      fragments = undefined
    }
    if (fragments === undefined) return { events, token: parseToken(reply.postBatchResumeToken) }
  }
}

function isLastFragment(splitEvent: unknown): boolean {
  const { fragment, of } = splitEvent as { fragment: unknown; of: unknown }
  return Number(fragment) === Number(of)
}

function isZero(id: Long): boolean {
  return Long.fromValue(id).isZero()
}

async function killCursor(engine: Engine, session: ClientSession, id: Long): Promise<void> {
  try {
    await engine.database.command({ killCursors: '$cmd.aggregate', cursors: [id] }, { session })
  } catch (err) {
    // The server forgets idle cursors by itself.
    engine.log.debug({ err }, 'closing the change stream failed')
  }
}

function streamEnded(): LandbridgeError {
  return new LandbridgeError(
    errorCodes.historyLost,
    'the change stream was ended by MongoDB (the database was dropped or renamed); it is opened again after the stored position',
  )
}
