import { readChunkProgress } from '../backfill/chunk-store.ts'
import { holdDuty, pause, type Running } from '../capture/duty.ts'
import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'
import { readUnitRow } from '../fence/unit-row.ts'
import { directionOf } from '../phase.ts'
import { verify } from './verify.ts'
import { lastFullRun, readWatermark } from './verify-run.ts'

const LOOK_EVERY_MS = 60_000
/** What changes is compared each time; everything, once a day. */
const FULL_EVERY_MS = 24 * 60 * 60_000

/**
 * Verifies again and again every unit whose last whole verification is older than `everyMs`, one process at a time.
 * What it finds stands in the list of differences; it repairs nothing.
 */
export function startVerifyLoop(engine: Engine, options: { everyMs: number }): Running {
  return holdDuty(engine, 'verify', async (signal) => {
    while (!signal.aborted) {
      for (const unit of engine.config.units) {
        if (signal.aborted || !(await isDue(engine, unit, options.everyMs))) continue
        const report = await verify(engine, unit.name, { signal, full: await isFullDue(engine, unit) })
        if (report.differences > 0) {
          const { differences } = report
          engine.log.error(
            { alert: 'stores-differ', unit: unit.name, differences },
            'verify found differences',
          )
        }
      }
      await pause(Math.min(options.everyMs, LOOK_EVERY_MS), signal)
    }
  })
}

/** Mirrored, copied whole, and some collection's last verification in this phase is too old. */
async function isDue(engine: Engine, unit: UnitConfig, everyMs: number): Promise<boolean> {
  const { phase, epoch } = await readUnitRow(engine.pool, unit.name)
  const direction = directionOf(phase)
  if (direction === null) return false
  let oldest = Number.POSITIVE_INFINITY
  for (const { collection } of unit.mappings) {
    const { chunks, done } = await readChunkProgress(engine.pool, collection)
    if (direction === 'to-postgres' && (chunks === 0 || done < chunks)) return false
    const verified = await readWatermark(engine.pool, collection, epoch)
    oldest = Math.min(oldest, verified?.finishedAt.getTime() ?? 0)
  }
  return engine.clock.now().getTime() - oldest >= everyMs
}

async function isFullDue(engine: Engine, unit: UnitConfig): Promise<boolean> {
  const { epoch } = await readUnitRow(engine.pool, unit.name)
  const before = engine.clock.now().getTime() - FULL_EVERY_MS
  for (const { collection } of unit.mappings) {
    const last = await lastFullRun(engine.pool, collection, epoch)
    if (last === undefined || last.getTime() < before) return true
  }
  return false
}
