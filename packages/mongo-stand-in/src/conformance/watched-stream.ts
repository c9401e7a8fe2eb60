import type { ChangeStream, ChangeStreamOptions, Db, Document } from 'mongodb'

/** A change stream of a case, with what it has told so far. */
export interface WatchedStream {
  readonly stream: ChangeStream
  /** Told when it was opened and not asked for yet. */
  readonly pending: Document[]
  /** Of the last event that was asked for. */
  token: unknown
}

/** What is left out of events when they are compared: it is another one each time. */
const CHANGING = ['_id', 'clusterTime', 'wallTime', 'lsid', 'txnNumber', 'collectionUUID']
const ATTEMPTS = 60

/** Opens a change stream at the server before it returns, so that it tells whatever comes after. */
export async function openStream(
  db: Db,
  collection: string,
  streams: ReadonlyMap<string, WatchedStream>,
  { of, pipeline = [], resumeAfter, startAfter, ...options }: Document,
): Promise<WatchedStream> {
  const given: ChangeStreamOptions = {
    ...options,
    ...(resumeAfter === undefined ? {} : { resumeAfter: streams.get(resumeAfter)?.token }),
    ...(startAfter === undefined ? {} : { startAfter: streams.get(startAfter)?.token }),
    maxAwaitTimeMS: 50,
    promoteValues: false,
    promoteLongs: false,
    bsonRegExp: true,
  }
  const stream =
    of === 'database' ? db.watch(pipeline, given) : db.collection(collection).watch(pipeline, given)
  const first = await stream.tryNext()
  return { stream, pending: first === null ? [] : [first], token: undefined }
}

/** The next events, fewer where no more come in a few seconds. */
export async function nextEvents(watched: WatchedStream, count: number): Promise<Document[]> {
  const events: Document[] = []
  for (let attempt = 0; events.length < count && attempt < ATTEMPTS; attempt++) {
    const event = watched.pending.shift() ?? (await watched.stream.tryNext())
    if (event === null) continue
    watched.token = event._id
    events.push(comparable(event))
  }
  return events
}

function comparable(event: Document): Document {
  const kept = Object.entries(event).filter(([name]) => !CHANGING.includes(name))
  return Object.fromEntries(kept.map(([name, value]) => [name, isNamespace(name) ? withoutDb(value) : value]))
}

const isNamespace = (name: string) => name === 'ns' || name === 'to'

function withoutDb({ db: _changing, ...rest }: Document): Document {
  return rest
}
