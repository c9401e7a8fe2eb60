import { setTimeout as sleep } from 'node:timers/promises'
import { isBusy } from './sql-state.ts'

const attempts = 20

/**
 * Repeats DDL that lost against running transactions (lock timeout, deadlock). ALTER TABLE and DROP TRIGGER want a
 * table for themselves; with a long wait they would stop every reader behind them, so they wait shortly and often.
 */
export async function whenNotBusy(alter: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await alter()
      return
    } catch (error) {
      if (!isBusy(error) || attempt === attempts) throw error
      await sleep(50 * attempt)
    }
  }
}
