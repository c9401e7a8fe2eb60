import { setTimeout as sleep } from 'node:timers/promises'
import type { Throttle } from './store-throttle.ts'

/** Long work that stops by itself when a store suffers. */
export interface Throttled {
  throttle: Throttle
  signal?: AbortSignal
}

const ASK_AGAIN_MS = 1_000

/** Returns when nothing asks to wait any more, or at once when interrupted; tells the reason each time it waits. */
export async function waitWhileThrottled(
  work: Throttled,
  onWait: (reason: string) => void | Promise<void>,
): Promise<void> {
  for (;;) {
    if (work.signal?.aborted === true) return
    const reason = await work.throttle()
    if (reason === null) return
    await onWait(reason)
    await sleep(ASK_AGAIN_MS)
  }
}
