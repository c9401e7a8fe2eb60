import { setTimeout as sleep } from 'node:timers/promises'
import { errorCodes, LandbridgeError } from 'landbridge'
import type { Progress } from './progress.ts'

/** Refusals after which nothing has changed and the same call may succeed a moment later. */
const passing: ReadonlySet<string> = new Set([
  errorCodes.fenceUndone,
  errorCodes.fenceBusy,
  errorCodes.captureBehind,
])

const tries = 20

/** Does what an operator would after a fence that was refused or undone: waits a little and calls again. */
export async function tryAgain<T>(progress: Progress, what: string, call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof LandbridgeError) || !passing.has(error.code) || attempt >= tries) throw error
      progress.done(`${what}: ${error.message}; calling again`)
      await sleep(1_000)
    }
  }
}
