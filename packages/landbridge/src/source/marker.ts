import { ObjectId, type Timestamp } from 'mongodb'
import type { Engine } from '../engine.ts'

export const markerCollection = 'landbridge_markers'

/** A document that proves, when it comes back in the stream, that everything before it has been read. */
export interface Marker {
  id: ObjectId
  /** Cluster time of its write: a read after it sees every write that was acknowledged before the marker. */
  clusterTime: bigint
}

/** Writes a marker with w:majority. */
export async function writeMarker(engine: Engine, purpose: string): Promise<Marker> {
  const id = new ObjectId()
  return engine.mongo.withSession(async (session) => {
    await engine.database
      .collection(markerCollection)
      .insertOne(
        { _id: id, purpose, node: engine.node.id, at: engine.clock.now() },
        { session, writeConcern: { w: 'majority' } },
      )
    return { id, clusterTime: clusterTimeOf(session.operationTime) }
  })
}

function clusterTimeOf(timestamp: Timestamp | undefined): bigint {
  // Only servers that are no replica set answer without an operationTime, and `doctor` refuses those.
  return timestamp === undefined ? 0n : timestamp.toBigInt()
}
