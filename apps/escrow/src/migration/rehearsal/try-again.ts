import { setTimeout as sleep } from 'node:timers/promises'
import { isPassing } from 'landbridge'
import type { Progress } from './progress.ts'

const tries = 20

/** Does what an operator would after a fence that was refused or undone: waits a little and calls again. */
export async function tryAgain<T>(progress: Progress, what: string, call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call()
    } catch (error) {
      if (!isPassing(error) || attempt >= tries) throw error
      progress.done(`${what}: ${error.message}; calling again`)
      await sleep(1_000)
    }
  }
}
