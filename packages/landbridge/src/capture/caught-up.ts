import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { idToBytes } from '../source/id-key.ts'
import { type Marker, writeMarker } from '../source/marker.ts'
import { captureName } from './position.ts'

const POLL_MS = 10

/** Whether the stored position has passed the marker: everything written before it has been dealt with. */
export async function hasPassed(engine: Engine, marker: Marker): Promise<boolean> {
  const { rows } = await engine.pool.query(
    `select exists (select from landbridge.marker_seen where marker = $1)
       or exists (select from landbridge.position where capture = $2 and cluster_time > $3) as passed`,
    [idToBytes(marker.id), captureName, String(marker.clusterTime)],
  )
  return rows[0]?.passed === true
}

/** Waits until the stored position has passed the marker. Throws LB_CAPTURE_BEHIND. */
export async function waitForMarker(
  engine: Engine,
  marker: Marker,
  options: { timeoutMs: number },
): Promise<void> {
  const deadline = Date.now() + options.timeoutMs
  while (!(await hasPassed(engine, marker))) {
    if (Date.now() >= deadline) throw captureTooSlow(options.timeoutMs)
    await sleep(POLL_MS)
  }
}

/** Writes a marker and waits until it has come back: what was written before this call has then been dealt with. */
export async function drainToMarker(
  engine: Engine,
  options: { purpose: string; timeoutMs: number },
): Promise<Marker> {
  const marker = await writeMarker(engine, options.purpose)
  await waitForMarker(engine, marker, options)
  return marker
}

function captureTooSlow(timeoutMs: number): LandbridgeError {
  return new LandbridgeError(
    errorCodes.captureBehind,
    `the change stream did not bring the marker back within ${timeoutMs} ms; look at \`landbridge status\` for its lag and for the node that holds the duty "capture"`,
  )
}
