import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { assertUnit } from './assert-unit.ts'
import { settleForeignKeys } from './foreign-keys.ts'
import { settleFence } from './settle-fence.ts'
import { readUnitRows, type UnitRow } from './unit-row.ts'

export interface AssertLoop {
  stop(): Promise<void>
}

export interface AssertLoopOptions {
  /** Called with a reason when the unit's row went back in time, and with null when that is over. */
  onBlocked(unit: string, reason: string | null): void
}

/**
 * Each heartbeat, on every node: undo fences that nobody will finish, make MongoDB what the rows say (A7, C2), and
 * after each change of phase settle the foreign keys, which a coordinator may not have lived to do. A unit in trouble
 * never keeps the others from their turn.
 */
export function startAssertLoop(engine: Engine, options: AssertLoopOptions): AssertLoop {
  let running: Promise<void> | undefined
  const blocked = new Set<string>()
  /** Unit -> the epoch at which everything about it was found, or put, in order. */
  const inOrder = new Map<string, bigint>()

  async function once(): Promise<void> {
    const rows = new Map((await readUnitRows(engine.pool)).map((row) => [row.name, row]))
    let changed = false
    for (const unit of engine.config.units) {
      const row = rows.get(unit.name)
      // A retired unit needs MongoDB no more, which may be gone for good.
      if (row === undefined || (row.phase === 'retired' && inOrder.get(unit.name) === row.epoch)) continue
      changed = (await assertOne(unit, row)) || changed
    }
    if (changed) await settleForeignKeys(engine, engine.node.name)
  }

  /** Answers whether the unit is in order at an epoch that this loop has not seen in order before. */
  async function assertOne(unit: UnitConfig, row: UnitRow): Promise<boolean> {
    try {
      await settleFence(engine, unit)
      const outcome = await assertUnit(engine, unit)
      if (blocked.delete(unit.name)) options.onBlocked(unit.name, null)
      if (outcome === 'fence-open' || inOrder.get(unit.name) === row.epoch) return false
      inOrder.set(unit.name, row.epoch)
      return true
    } catch (error) {
      reportTrouble(unit.name, error)
      return false
    }
  }

  function reportTrouble(unit: string, error: unknown): void {
    if (error instanceof LandbridgeError && error.code === errorCodes.rowWentBack) {
      if (!blocked.has(unit)) engine.log.error({ unit, err: error }, error.message)
      blocked.add(unit)
      options.onBlocked(unit, error.message)
      return
    }
    engine.log.warn({ unit, err: error }, 'the unit could not be asserted; next try in a moment')
  }

  const timer = setInterval(() => {
    running ??= once()
      .catch((error: unknown) => {
        engine.log.warn({ err: error }, 'the units could not be asserted; next try in a moment')
      })
      .finally(() => {
        running = undefined
      })
  }, engine.config.timing.heartbeatMs)
  timer.unref()

  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
