import { type ClientSession, type Document, type Filter, Timestamp } from 'mongodb'
import type { Engine } from '../engine.ts'
import { idKey } from './id-key.ts'
import { readId } from './read-id.ts'

/** A document as the server sent it, with its `_id` in the types it really has. */
export interface SourceDocument {
  id: unknown
  raw: Uint8Array
}

export interface ReadOptions {
  /** The read sees everything up to this cluster time, whichever node answers. */
  afterClusterTime?: bigint
  /**
   * Only the real primary answers, so that one that was cut off cannot hand out an old state (A10). One document a
   * read; excludes `afterClusterTime`.
   */
  linearizable?: boolean
  maxTimeMs?: number
  batchSize?: number
}

interface IdDocument {
  _id: unknown
}

/**
 * Reads these documents from the primary with read concern majority, in a session of its own: a read in the
 * writer's session would see what is not committed yet (A10). The answer has no entry for an absent document.
 */
export async function readDocuments(
  engine: Engine,
  collection: string,
  rawIds: readonly unknown[],
  options: ReadOptions = {},
): Promise<Map<string, SourceDocument>> {
  const found = new Map<string, SourceDocument>()
  const queries = options.linearizable === true ? rawIds.map((id) => [id]) : [rawIds]
  for (const ids of queries) {
    const filter = ids.length === 1 ? { _id: ids[0] } : { _id: { $in: ids } }
    for await (const document of readMatching(engine, collection, filter, options)) {
      found.set(idKey(document.id), document)
    }
  }
  return found
}

/** Reads what matches, in `_id` order, with the same guarantees. */
export async function* readMatching(
  engine: Engine,
  collection: string,
  filter: Record<string, unknown>,
  options: ReadOptions & { limit?: number } = {},
): AsyncGenerator<SourceDocument> {
  const session = sessionFor(engine, options)
  try {
    const cursor = engine.database.collection<IdDocument>(collection).find(filter as Filter<IdDocument>, {
      raw: true,
      session,
      readPreference: 'primary',
      readConcern: { level: options.linearizable === true ? 'linearizable' : 'majority' },
      sort: { _id: 1 },
      maxTimeMS: options.maxTimeMs,
      batchSize: options.batchSize,
      limit: options.limit,
    })
    for await (const raw of cursor as AsyncIterable<unknown>) {
      const bytes = raw as Uint8Array
      yield { id: readId(bytes), raw: bytes }
    }
  } finally {
    await session.endSession()
  }
}

/** The one document that a pipeline makes, raw, with the same guarantees; undefined where it makes none. */
export async function readAggregated(
  engine: Engine,
  collection: string,
  pipeline: Document[],
  options: ReadOptions,
): Promise<Uint8Array | undefined> {
  const session = sessionFor(engine, options)
  try {
    const [raw] = await engine.database
      .collection(collection)
      .aggregate(pipeline, {
        raw: true,
        session,
        readPreference: 'primary',
        readConcern: { level: options.linearizable === true ? 'linearizable' : 'majority' },
        maxTimeMS: options.maxTimeMs,
      })
      .toArray()
    return raw as Uint8Array | undefined
  } finally {
    await session.endSession()
  }
}

function sessionFor(engine: Engine, options: ReadOptions): ClientSession {
  const after = options.linearizable === true ? undefined : options.afterClusterTime
  const session = engine.mongo.startSession({ causalConsistency: after !== undefined })
  if (after !== undefined && after > 0n) session.advanceOperationTime(new Timestamp(after))
  return session
}
