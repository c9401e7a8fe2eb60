import type { ClientBase } from 'pg'
import type { Engine } from '../engine.ts'
import { idToBytes } from '../source/id-key.ts'
import { markerCollection } from '../source/marker.ts'
import type { ChangeEvent, DocumentEvent } from './change-event.ts'

/** Nobody waits for a marker this long. */
const KEEP_MS = 60 * 60_000

/** Notes the markers that came back, in the transaction that stores the position behind them. */
export async function noteMarkers(tx: ClientBase, events: readonly ChangeEvent[]): Promise<void> {
  const markers = events.filter(isMarker)
  if (markers.length === 0) return
  await tx.query(
    `insert into landbridge.marker_seen (marker, cluster_time)
     select * from unnest($1::bytea[], $2::numeric[]) on conflict (marker) do nothing`,
    [markers.map((event) => idToBytes(event.id)), markers.map((event) => String(event.clusterTime))],
  )
}

/** Deletes markers, in both stores, that nobody waits for any more. */
export async function forgetOldMarkers(engine: Engine): Promise<void> {
  const before = new Date(engine.clock.now().getTime() - KEEP_MS)
  await engine.database.collection(markerCollection).deleteMany({ at: { $lt: before } })
  await engine.pool.query(
    'delete from landbridge.marker_seen where seen_at < now() - make_interval(secs => $1)',
    [KEEP_MS / 1_000],
  )
}

/** Markers are inserted and, long after, deleted. */
function isMarker(event: ChangeEvent): event is DocumentEvent {
  return event.kind === 'document' && event.collection === markerCollection && event.operation === 'insert'
}
