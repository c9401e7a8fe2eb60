import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { assertUnit } from './assert-unit.ts'
import { settleFence } from './settle-fence.ts'

export interface AssertLoop {
  stop(): Promise<void>
}

export interface AssertLoopOptions {
  /** Called with a reason when the unit's row went back in time, and with null when that is over. */
  onBlocked(unit: string, reason: string | null): void
}

/**
 * Each heartbeat, on every node: undo fences that nobody will finish, and make MongoDB what the rows say (A7, C2). A
 * unit in trouble never keeps the others from their turn.
 */
export function startAssertLoop(engine: Engine, options: AssertLoopOptions): AssertLoop {
  let running: Promise<void> | undefined
  const blocked = new Set<string>()

  async function once(): Promise<void> {
    for (const unit of engine.config.units) {
      try {
        await settleFence(engine, unit)
        await assertUnit(engine, unit)
        if (blocked.delete(unit.name)) options.onBlocked(unit.name, null)
      } catch (error) {
        if (error instanceof LandbridgeError && error.code === errorCodes.rowWentBack) {
          if (!blocked.has(unit.name)) engine.log.error({ unit: unit.name, err: error }, error.message)
          blocked.add(unit.name)
          options.onBlocked(unit.name, error.message)
        } else {
          engine.log.warn(
            { unit: unit.name, err: error },
            'the unit could not be asserted; next try in a moment',
          )
        }
      }
    }
  }

  const timer = setInterval(() => {
    running ??= once().finally(() => {
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
