import { type Document, MongoServerError, Timestamp } from 'mongodb'
import type { Engine } from '../engine.ts'
import { idKey } from '../source/id-key.ts'
import { type Marker, markerCollection } from '../source/marker.ts'

/** More changes than this are not worth being told apart: everything is compared. */
const MAX_CHANGES = 200_000
/** The server answers so often on an idle stream. */
const AWAIT_MS = 50
const BATCH = 2_000

/** What has changed in MongoDB: `_id`s by their keys, or `everything` where events do not name documents. */
export type ChangedDocuments = Map<string, Map<string, unknown> | 'everything'>

/**
 * Reads the change stream from a cluster time to the marker. A reader of its own: the capture's work is what is
 * checked. Undefined where the history does not reach back so far, there is too much of it, or it was interrupted.
 */
export async function readChangesSince(
  engine: Engine,
  collections: readonly string[],
  { since, marker, signal }: { since: bigint; marker: Marker; signal?: AbortSignal },
): Promise<ChangedDocuments | undefined> {
  const stream = engine.database.watch(
    [
      {
        $match: {
          $or: [
            { 'ns.coll': { $in: [...collections, markerCollection] } },
            { 'to.coll': { $in: [...collections] } },
          ],
        },
      },
      { $project: { operationType: 1, ns: 1, to: 1, documentKey: 1 } },
    ],
    {
      startAtOperationTime: new Timestamp(since),
      maxAwaitTimeMS: AWAIT_MS,
      batchSize: BATCH,
      promoteValues: false,
    },
  )
  const changed: ChangedDocuments = new Map(collections.map((collection) => [collection, new Map()]))
  try {
    for (let count = 0; count < MAX_CHANGES && signal?.aborted !== true; ) {
      const event: Document | null = await stream.tryNext()
      if (event === null) continue
      count++
      const id: unknown = event.documentKey?._id
      if (event.ns?.coll === markerCollection) {
        if (String(id) === marker.id.toHexString()) return changed
      } else note(changed, event.to?.coll ?? event.ns?.coll, id)
    }
    return undefined
  } catch (error) {
    if (isOutOfReach(error)) return undefined
    throw error
  } finally {
    await stream.close()
  }
}

/** A collection that was dropped or renamed names no documents. */
function note(changed: ChangedDocuments, collection: string, id: unknown): void {
  const known = changed.get(collection)
  if (known === undefined || known === 'everything') return
  if (id === undefined) changed.set(collection, 'everything')
  else known.set(idKey(id), id)
}

/** CappedPositionLost, InvalidResumeToken, ChangeStreamFatalError, ChangeStreamHistoryLost. */
const outOfReach = new Set([136, 260, 280, 286])

function isOutOfReach(error: unknown): boolean {
  return error instanceof MongoServerError && outOfReach.has(Number(error.code))
}
