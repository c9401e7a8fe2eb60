import type { Engine } from '../engine.ts'
import { readUnitRows } from '../fence/unit-row.ts'
import { directionOf } from '../phase.ts'
import { markerCollection } from '../source/marker.ts'
import { holdDuty, type Running } from './duty.ts'
import { type EventStream, isHistoryLost, openEventStream } from './event-stream.ts'
import { recordLostHistory } from './history-lost.ts'
import { refuseUnknownCollections } from './known-collections.ts'
import { forgetOldMarkers } from './markers-seen.ts'
import { type Position, positionOf, readPosition } from './position.ts'
import { settleBatch } from './settle-batch.ts'

export const captureDuty = 'capture'

/** On an idle source the position is freshened this often, so that it never falls out of the oplog. */
const IDLE_STORE_MS = 1_000
const FORGET_EVERY_MS = 10 * 60_000

/**
 * Follows ONE change stream for all units, on the node that holds the duty `capture`. While Postgres is away nothing
 * is read: the stored position is the gap, and reading goes on from it.
 */
export function startCapture(engine: Engine): Running {
  return holdDuty(engine, captureDuty, (signal) => follow(engine, signal))
}

/** Reads from the stored position until told to stop, or until another capture has overtaken this one. */
async function follow(engine: Engine, signal: AbortSignal): Promise<void> {
  await refuseUnknownCollections(engine, engine.pool)
  const stored = await readPosition(engine.pool)
  if (stored === undefined) return beginAnew(engine, signal, 'no position is stored')
  try {
    const stream = await openEventStream(engine, watchedCollections(engine), stored.token)
    await settleAll(engine, stream, stored, signal)
  } catch (error) {
    if (!isHistoryLost(error)) throw error
    await beginAnew(engine, signal, (error as Error).message)
  }
}

/** Begins at the present. Something is lost unless nothing was being mirrored yet. */
async function beginAnew(engine: Engine, signal: AbortSignal, detail: string): Promise<void> {
  const stream = await openEventStream(engine, watchedCollections(engine), undefined)
  await settleAll(engine, stream, undefined, signal, async (start) => {
    const moving = (await readUnitRows(engine.pool)).some((row) => directionOf(row.phase) !== null)
    if (moving) await recordLostHistory(engine, start, detail)
  })
}

/** Settles batch after batch and closes the stream in the end. `begin` hears of the first position. */
async function settleAll(
  engine: Engine,
  stream: EventStream,
  from: Position | undefined,
  signal: AbortSignal,
  begin?: (start: Position) => Promise<void>,
): Promise<void> {
  let position = from
  let storedAt = 0
  let forgotAt = 0
  try {
    while (!signal.aborted) {
      const { events, token } = await stream.next()
      if (position !== undefined && events.length === 0 && Date.now() - storedAt < IDLE_STORE_MS) continue
      const known = events.at(-1)?.clusterTime ?? position?.clusterTime ?? 0n
      const behind = positionOf(token, known)
      if (position === undefined) await begin?.(behind)
      position = behind
      if (!(await settleBatch(engine, events, position))) return
      storedAt = Date.now()
      if (storedAt - forgotAt > FORGET_EVERY_MS) {
        await forgetOldMarkers(engine)
        forgotAt = storedAt
      }
    }
  } finally {
    await stream.close()
  }
}

/** Markers travel in the same stream: a marker that came back proves that everything before it was read. */
function watchedCollections(engine: Engine): string[] {
  return [
    ...engine.config.units.flatMap((unit) => unit.mappings.map((mapping) => mapping.collection)),
    markerCollection,
  ]
}
