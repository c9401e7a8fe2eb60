import { setTimeout as sleep } from 'node:timers/promises'
import { holdDuty, pause, type Running } from '../capture/duty.ts'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { readUnitRows } from '../fence/unit-row.ts'
import { directionOf } from '../phase.ts'
import { closeMirrorSessions, endTransactionsOfDeadNodes, purgeMirrorSessions } from './mirror-session.ts'
import { dropRetired, outboxEntities } from './outbox.ts'
import { type Backoff, newBackoff, type Relayed, relayEntities } from './relay-entities.ts'

export const relayDuty = 'relay'

const IDLE_MS = 100
const PURGE_EVERY_MS = 10 * 60_000
const LOOK_FOR_DEAD_EVERY_MS = 5_000
const ENTITIES = 200
const STOPPED_MS = 5_000

/** Empties the change outbox towards MongoDB, on the node that holds the duty `relay`. MongoDB may be away for a week. */
export function startRelay(engine: Engine): Running {
  const running = holdDuty(engine, relayDuty, (signal) => relay(engine, signal))
  return {
    stop: async () => {
      await running.stop()
      await closeMirrorSessions(engine)
    },
  }
}

async function relay(engine: Engine, signal: AbortSignal): Promise<void> {
  const backoff = newBackoff()
  /** Units whose row went back in time are looked at again now and then; their neighbours go on. */
  const stoppedUntil = new Map<string, number>()
  let purgedAt = 0
  let lookedAt = 0
  while (!signal.aborted) {
    if (Date.now() - lookedAt > LOOK_FOR_DEAD_EVERY_MS) {
      await endTransactionsOfDeadNodes(engine)
      lookedAt = Date.now()
    }
    if (Date.now() - purgedAt > PURGE_EVERY_MS) {
      await purgeMirrorSessions(engine)
      purgedAt = Date.now()
    }
    let done = 0
    for (const row of await readUnitRows(engine.pool)) {
      if (row.phase === 'retired') await dropRetired(engine, row.name)
      if (directionOf(row.phase) !== 'to-mongo' || (stoppedUntil.get(row.name) ?? 0) > Date.now()) continue
      try {
        done += (await relayUnit(engine, row.name, backoff, signal)).done
      } catch (err) {
        if (!isRowWentBack(err)) throw err
        engine.log.error({ err, unit: row.name }, 'the unit is not relayed until an operator has decided')
        stoppedUntil.set(row.name, Date.now() + STOPPED_MS)
      }
    }
    // Where nothing moved, new rows or the end of a backoff are waited for.
    if (done === 0) await pause(IDLE_MS, signal)
  }
}

async function relayUnit(
  engine: Engine,
  unit: string,
  backoff: Backoff,
  signal: AbortSignal,
): Promise<Relayed> {
  const entities = await outboxEntities(engine, unit, { limit: ENTITIES, except: backoff.waiting(unit) })
  return relayEntities(engine, unit, entities, backoff, signal)
}

function isRowWentBack(error: unknown): boolean {
  return error instanceof LandbridgeError && error.code === errorCodes.rowWentBack
}

export interface DrainReport {
  /** No outbox row of the unit is left. */
  drained: boolean
  /** Entities that were brought to MongoDB. */
  mirrored: number
  /** What MongoDB refuses, or what was not done in time. */
  left: { collection: string; entity: string; trouble: string | undefined }[]
}

/**
 * Empties the unit's outbox now, backoff or not, beside a relay that may be running elsewhere. Inside a fence no new
 * rows come, so an empty outbox means that MongoDB has everything. Ends early when all that is left is refused.
 */
export async function drainOutbox(
  engine: Engine,
  unit: string,
  options: { timeoutMs: number },
): Promise<DrainReport> {
  const deadline = Date.now() + options.timeoutMs
  const signal = AbortSignal.timeout(options.timeoutMs)
  await endTransactionsOfDeadNodes(engine)
  const refused = newBackoff()
  let mirrored = 0
  for (;;) {
    const entities = await outboxEntities(engine, unit, { limit: ENTITIES, except: [] })
    if (entities.length === 0) return { drained: true, mirrored, left: [] }
    const open = entities.filter((entity) => refused.troubleOf(entity) === undefined)
    if (open.length === 0 || Date.now() >= deadline) {
      const left = entities.map((entity) => ({ ...entity, trouble: refused.troubleOf(entity) }))
      return { drained: false, mirrored, left }
    }
    const { done } = await relayEntities(engine, unit, open, refused, signal)
    mirrored += done
    if (done === 0) await sleep(5)
  }
}
