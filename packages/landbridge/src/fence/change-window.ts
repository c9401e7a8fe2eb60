import { type ChangeStream, type Document, MongoServerError, type ObjectId, Timestamp } from 'mongodb'
import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { idKey } from '../source/id-key.ts'
import { type Marker, markerCollection } from '../source/marker.ts'

/** The entities of a unit that changed in MongoDB: collection -> key -> `_id`. */
export type ChangedEntities = Map<string, Map<string, unknown>>

export interface ChangeWindow {
  /** Reads on until the marker comes back, and answers what has changed since the call before. */
  readTo(marker: Marker, deadlineMs: number): Promise<ChangedEntities>
  close(): Promise<void>
}

/**
 * Follows which entities of the unit change in MongoDB from a cluster time on, so that the fence compares exactly
 * those. It is a reader of its own: the capture's answer is what it checks.
 */
export async function openChangeWindow(
  engine: Engine,
  unit: UnitConfig,
  since: bigint,
): Promise<ChangeWindow> {
  const collections = unit.mappings.map((mapping) => mapping.collection)
  const stream = engine.database.watch(
    [
      { $match: { 'ns.coll': { $in: [...collections, markerCollection] } } },
      { $project: { operationType: 1, ns: 1, documentKey: 1 } },
    ],
    { startAtOperationTime: new Timestamp(since), maxAwaitTimeMS: 100, promoteValues: false },
  )
  return {
    readTo: (marker, deadlineMs) => readTo(stream, marker, deadlineMs),
    close: () => stream.close(),
  }
}

async function readTo(stream: ChangeStream, marker: Marker, deadlineMs: number): Promise<ChangedEntities> {
  const changed: ChangedEntities = new Map()
  const until = performance.now() + deadlineMs
  while (performance.now() < until) {
    const event: Document | null = await stream.tryNext().catch(explainLostHistory)
    if (event === null) continue
    const id: unknown = event.documentKey?._id
    const collection: string = event.ns?.coll ?? ''
    if (collection !== markerCollection) {
      if (id !== undefined) entitiesOf(changed, collection).set(idKey(id), id)
    } else if (isMarker(id, marker)) {
      return changed
    }
  }
  throw new LandbridgeError(
    errorCodes.fenceUndone,
    `the marker did not come back within ${Math.round(deadlineMs)} ms: MongoDB's change stream is too far behind; try again when the load is lower`,
  )
}

function entitiesOf(changed: ChangedEntities, collection: string): Map<string, unknown> {
  const known = changed.get(collection)
  if (known !== undefined) return known
  const fresh = new Map<string, unknown>()
  changed.set(collection, fresh)
  return fresh
}

function isMarker(id: unknown, marker: Marker): boolean {
  return typeof id === 'object' && id !== null && String(id as ObjectId) === marker.id.toHexString()
}

function explainLostHistory(cause: unknown): never {
  if (cause instanceof MongoServerError && (cause.code === 286 || cause.code === 280)) {
    throw new LandbridgeError(
      errorCodes.historyLost,
      'MongoDB no longer has the history since the last verification; run `landbridge verify` again, then advance',
      { cause },
    )
  }
  throw cause
}
